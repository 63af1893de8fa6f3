"""Draws a screen of pyte as SVG that serves light and dark pages, without scripts and without anything to load."""

import re
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 8.4, 18, 12
FONTS = "ui-monospace,'Cascadia Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"

# The names of pyte for the sixteen colours, each with what it is on a light page and on a dark one.
PALETTE = {
    'default': ('#1f2328', '#d1d7e0'),
    'black': ('#1f2328', '#3d444d'),
    'red': ('#b3161f', '#ff7b72'),
    'green': ('#116329', '#56d364'),
    'brown': ('#9a6700', '#e3b341'),
    'blue': ('#0550ae', '#79c0ff'),
    'magenta': ('#8250df', '#d2a8ff'),
    'cyan': ('#0f6674', '#56d4dd'),
    'white': ('#1f2328', '#d1d7e0'),
    'brightblack': ('#59636e', '#9198a1'),
}
BACKGROUND = ('#ffffff', '#0d1117')
FRAME = ('#d1d9e0', '#3d444d')


def number(value):
    return f'{value:.1f}'.removesuffix('.0')


def name(colour, bold):
    """The name of a colour in the palette. A bright one is the plain one and bold to pyte 0.8.0, and has a name of its own to later ones."""
    plain = colour.removeprefix('bright').removeprefix('bfight')
    return 'brightblack' if plain == 'black' and (bold or plain != colour) else plain


def style(cell):
    """What cells drawn together have in common: colour of the text, colour behind it, bold, underlined."""
    front, back = name(cell.fg, cell.bold), name(cell.bg, False)
    if cell.reverse:
        front, back = ('page' if back == 'default' else back), front
    elif back == 'default':
        back = None
    return front, back, cell.bold, cell.underscore


def runs(line, columns):
    """The cells of a line as (column, cells wide, text, style), a wide character by itself, because fonts differ in its width."""
    found = []
    for column in range(columns):
        cell = line[column]
        if not cell.data:
            continue
        is_wide = column + 1 < columns and not line[column + 1].data
        if found and found[-1][3] == style(cell) and not is_wide and not found[-1][4]:
            found[-1][1] += 1
            found[-1][2] += cell.data
        else:
            found.append([column, 2 if is_wide else 1, cell.data, style(cell), is_wide])
    return found


def class_of(kind, colour):
    return f'{kind}-{colour}'


def draw_run(row, column, cells, text, look):
    front, back, bold, underlined = look
    if back:
        yield (f'<rect class="{class_of("b", back)}" x="{number(MARGIN + column * WIDTH)}" y="{number(MARGIN + row * HEIGHT)}" '
               f'width="{number(cells * WIDTH)}" height="{HEIGHT}"/>')
    # Words that stand apart are drawn apart, so that columns stay in line in a font of another width.
    for part in re.finditer(r'\S+(?: \S+)*', text):
        length = cells if len(text) < cells else len(part[0])
        classes = [class_of('f', front)] * (front != 'default') + ['bold'] * bold + ['line'] * underlined
        named = f' class="{" ".join(classes)}"' if classes else ''
        yield (f'<text{named} x="{number(MARGIN + (column + part.start()) * WIDTH)}" '
               f'y="{number(MARGIN + row * HEIGHT + 13.5)}" textLength="{number(length * WIDTH)}">{escape(part[0])}</text>')


def rules(index, colours):
    """The style of the colours in use, for light pages (0) or dark ones (1)."""
    named = {'page': BACKGROUND, **PALETTE}
    lines = [f'.page{{fill:{BACKGROUND[index]};stroke:{FRAME[index]}}}', f'text{{fill:{PALETTE["default"][index]}}}']
    for kind, colour in sorted(colours):
        value = named[colour][index] if colour in named else f'#{colour}'
        lines.append(f'.{class_of(kind, colour)}{{fill:{value}}}')
    return ' '.join(lines)


def draw(screen, title):
    rows = [runs(screen.buffer[row], screen.columns) for row in range(screen.lines)]
    while rows and not ''.join(run[2] for run in rows[-1]).strip():
        rows.pop()
    width, height = screen.columns * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    body, colours = [], set()
    for row, line in enumerate(rows):
        for column, cells, text, look, _ in line:
            if look[1]:
                colours.add(('b', look[1]))
            if look[0] != 'default' and text.strip():
                colours.add(('f', look[0]))
            body.extend(draw_run(row, column, cells, text, look))
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {height}" width="{number(width)}" height="{height}" '
        f'role="img">',
        f'<title>{escape(title)}</title>',
        '<style>',
        f'text{{font:14px {FONTS};white-space:pre}} .bold{{font-weight:bold}} .line{{text-decoration:underline}}',
        rules(0, colours),
        f'@media (prefers-color-scheme:dark){{{rules(1, colours)}}}',
        '</style>',
        f'<rect class="page" x="0.5" y="0.5" width="{number(width - 1)}" height="{height - 1}" rx="6" fill="{BACKGROUND[0]}"/>',
        *body,
        '</svg>',
        ''])
