"""What a task shows beyond numbers, as plain data for a page."""

from typing import Any

from infomorphic.reports.pictures import bits_picture, field_picture
from infomorphic.training.exhibits import Chart, Exhibit, Films, Frame, Gallery, Picture
from infomorphic.training.results import BitPicture


def exhibit_content(exhibit: Exhibit) -> dict[str, Any]:
    """An exhibit with its pictures as data URIs."""
    content: dict[str, Any] = {"title": exhibit.title, "text": exhibit.text}
    if isinstance(exhibit, Gallery):
        return content | {"pictures": [_picture(picture) for picture in exhibit.pictures]}
    if isinstance(exhibit, Films):
        films = [{"name": name, "frames": [_frame(frame) for frame in frames]} for name, frames in exhibit.films.items()]
        return content | {"films": films, "starts_at_end": exhibit.starts_at_end}
    assert isinstance(exhibit, Chart)
    lines = {name: [round(value, 4) for value in values] for name, values in exhibit.lines.items()}
    return content | {"quantity": exhibit.quantity, "values": list(exhibit.values), "lines": lines}


def _frame(frame: Frame) -> dict[str, Any]:
    return {"title": frame.title, "pictures": [_picture(picture) for picture in frame.pictures]}


def _picture(picture: Picture) -> dict[str, str]:
    if isinstance(picture, BitPicture):
        uri = bits_picture(picture.bits.numpy(), picture.marked.numpy(), picture.width)
    else:
        uri = field_picture(picture.weights.numpy().reshape(-1), tuple(picture.weights.shape))
    return {"title": picture.title, "caption": picture.caption, "uri": uri}
