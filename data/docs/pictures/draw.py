#!/usr/bin/env python3
"""data/docs/pictures/draw.py RUN SWEEP - the picture of the README, from a run and a sweep.

    lyap run data/pipelines/smnist-spectrum.yaml --data DIR                      # RUN
    lyap sweep run data/pipelines/aelle-smnist.yaml --preset desk --data DIR     # SWEEP
"""
import pathlib
import sys

import h5py
import numpy as np

WIDTH, HEIGHT, TOP, BOTTOM = 860, 330, 62, 274
THEMES = {"light": {"ink": "#1f2328", "soft": "#656d76", "grid": "#d8dee4", "low": (0, 92, 170), "high": (214, 96, 20)},
          "dark": {"ink": "#e6edf3", "soft": "#9198a1", "grid": "#30363d", "low": (88, 166, 255), "high": (255, 150, 70)}}


class Picture:
    """Lines and words of an SVG in the colours of one theme."""

    def __init__(self, theme):
        self.theme, self.parts = THEMES[theme], []

    def text(self, x, y, words, anchor="start", size=13, colour="soft", turn=0):
        turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        fill = self.theme.get(colour, colour)
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" '
                          f'text-anchor="{anchor}"{turned}>{words}</text>')

    def line(self, points, colour, width=1.0):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
                          f'stroke-width="{width}" stroke-linejoin="round"/>')

    def dot(self, x, y, colour):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{colour}" fill-opacity="0.8"/>')

    def shade(self, share):
        """From the low colour (0) to the high one (1)."""
        low, high = (np.array(self.theme[k]) for k in ("low", "high"))
        return "#" + "".join(f"{int(round(c)):02x}" for c in low + share * (high - low))

    def axes(self, left, right, x, y, x_ticks, y_ticks, x_title, y_title):
        """The frame of a panel; the maps from numbers to places."""
        def across(v):
            return left + (v - x[0]) / (x[1] - x[0]) * (right - left)

        def up(v):
            return BOTTOM - (v - y[0]) / (y[1] - y[0]) * (BOTTOM - TOP)
        for tick in y_ticks:
            self.line([(left, up(tick)), (right, up(tick))], self.theme["grid"])
            self.text(left - 7, up(tick) + 4, f"{tick:g}".replace("-", "−"), "end", 12)
        for tick in x_ticks:
            self.text(across(tick), BOTTOM + 17, f"{tick:g}".replace("-", "−"), "middle", 12)
        self.text((left + right) / 2, BOTTOM + 38, x_title, "middle")
        self.text(left - 40, (TOP + BOTTOM) / 2, y_title, "middle", turn=-90)
        return across, up

    def save(self, path):
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="-apple-system, Segoe UI, Helvetica, Arial, sans-serif">\n'
            + "\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


def spectra(picture, run):
    with h5py.File(run / "spectra.h5") as results:
        spectrum, epochs = results["le/spectrum"][:], results["le/checkpoint"][:]
    picture.text(20, 24, "One LSTM reads digits, row by row", size=16, colour="ink")
    picture.text(20, 43, "its Lyapunov spectrum before training and after each epoch")
    across, up = picture.axes(66, 405, (1, spectrum.shape[1]), (-10, 0), (1, 32, 64, 96, 128),
                              (0, -2, -4, -6, -8, -10), "index of the exponent", "exponent, nats per step")
    for row, epoch in zip(spectrum, epochs):
        colour = picture.shade(epoch / epochs[-1])
        picture.line([(across(i + 1), up(v)) for i, v in enumerate(row)], colour, 2)
    for row, words, at, below in ((0, "untrained", 66, 22), (-1, f"epoch {int(epochs[-1])}", 70, -18)):
        colour = picture.shade(float(row != 0))
        picture.text(across(at), up(spectrum[row][at]) + below, words, colour=colour)


def networks(picture, sweep):
    with h5py.File(sweep / "study.h5") as study:
        place, loss = study["aelle/coordinate"][0, :, 0, :2], study["spectra/loss"][:]
    better = np.argsort(np.argsort(loss)) / (len(loss) - 1)
    picture.text(475, 24, f"{len(loss)} networks of eight architectures", size=16, colour="ink")
    picture.text(475, 43, "placed by AeLLE from their spectra, coloured by accuracy")
    span = [(np.floor(c.min() * 2) / 2, np.ceil(c.max() * 2) / 2) for c in place.T]
    across, up = picture.axes(520, 840, *span, np.arange(span[0][0], span[0][1] + 0.1, 1),
                              np.arange(span[1][0], span[1][1] + 0.1, 0.5),
                              "first component of AeLLE’s code", "second component")
    for (x, y), rank in zip(place, better):
        picture.dot(across(x), up(y), picture.shade(1 - rank))
    picture.text(832, BOTTOM - 28, "most accurate", "end", colour=picture.shade(1))
    picture.text(832, BOTTOM - 10, "least accurate", "end", colour=picture.shade(0))


def main():
    run, sweep = map(pathlib.Path, sys.argv[1:3])
    for theme in THEMES:
        picture = Picture(theme)
        spectra(picture, run)
        networks(picture, sweep)
        picture.save(pathlib.Path(__file__).with_name(f"spectra-{theme}.svg"))


if __name__ == "__main__":
    main()
