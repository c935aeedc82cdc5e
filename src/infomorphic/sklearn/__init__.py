"""Estimators for scikit-learn: pipelines, searches over parameters, cross-validation."""

from infomorphic.sklearn.classifier import InfomorphicClassifier
from infomorphic.sklearn.transformer import InfomorphicTransformer

__all__ = ["InfomorphicClassifier", "InfomorphicTransformer"]
