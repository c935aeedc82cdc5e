"""Settings of the smallest trainings that are real."""

TINY = ("dataset=digits", "epochs=1", "training.batch_size=512")
GOAL = "{F}{C} - 0.5 {F}{L}"
