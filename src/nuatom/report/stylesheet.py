"""The style sheet of the page: one file, no font and no image from anywhere else."""

from nuatom.plotting.palette import PALETTE

BADGES = {
    "good": ("#0b5d45", "#d5f0e6", "#7fe3c0", "#123a2e"),
    "warn": ("#8a3a00", "#fde6d5", "#ffb485", "#47230c"),
    "info": ("#004f80", "#d6eaf7", "#8fcdf2", "#12344a"),
    "mute": ("#474f5a", "#e6e9ed", "#bcc4cf", "#2c333d"),
    "gone": ("#474f5a", "#ffffff", "#bcc4cf", "#171b22"),
}
"""Text and ground of each badge, first light, then dark."""


def _variables(dark: bool) -> str:
    pairs = {name: shade.dark if dark else shade.light for name, shade in PALETTE.items()}
    pairs |= {"page": "#0f1217" if dark else "#f4f5f7", "link": "#7cc4f5" if dark else "#00588c"}
    for name, colours in BADGES.items():
        text, ground = colours[2:] if dark else colours[:2]
        pairs |= {f"{name}-text": text, f"{name}-ground": ground}
    return "".join(f"--{name}:{colour};" for name, colour in pairs.items())


_RULES = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);
 font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;
 overflow-wrap:break-word}
.frame{max-width:62rem;margin:0 auto;padding:0 1rem 4rem}
h1{font-size:clamp(1.55rem,1.1rem + 2vw,2.35rem);line-height:1.2;letter-spacing:-.015em;
 margin:.2rem 0 1rem;text-wrap:balance}
h2{font-size:1.4rem;line-height:1.3;margin:0 0 .8rem;text-wrap:balance}
h3{font-size:1.05rem;margin:0;display:inline}
p{max-width:44rem;margin:.6rem 0}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);
 outline-offset:2px;border-radius:3px}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
sub,sup{line-height:0;font-size:.75em}
.kicker{margin:2.4rem 0 0;font-size:.82rem;letter-spacing:.08em;text-transform:uppercase;
 color:var(--muted)}
.warning{max-width:44rem;margin:1.4rem 0;padding:.9rem 1.1rem;background:var(--paper);
 border:1px solid var(--grid);border-left:3px dashed var(--retracted);border-radius:8px}
.warning p{margin:.3rem 0}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.35rem .5rem}
nav a{display:block;padding:.32rem .75rem;border:1px solid var(--grid);border-radius:999px;
 background:var(--paper);text-decoration:none;font-size:.9rem;line-height:1.45}
nav a:hover{border-color:var(--link)}
section{margin-top:3.2rem}
figure{margin:1rem 0;padding:1rem;background:var(--paper);border:1px solid var(--grid);
 border-radius:12px}
figure img{display:block;width:100%;max-width:46rem;height:auto;margin:0 auto}
figcaption{max-width:44rem;margin:.9rem auto 0;padding-top:.8rem;font-size:.93rem;
 color:var(--muted);border-top:1px solid var(--grid)}
table{border-collapse:collapse;font-size:.88rem;line-height:1.45;
 font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.1rem 0 .6rem;caption-side:top}
th,td{padding:.42rem .7rem;text-align:left;vertical-align:top;
 border-bottom:1px solid var(--grid)}
thead th{font-weight:600;vertical-align:bottom;border-bottom:1.5px solid var(--frame)}
tbody th{font-weight:500}
.n{text-align:right;white-space:nowrap}
th.n{white-space:normal}
.meaning{display:block;font-weight:400;font-size:.92em;color:var(--muted);min-width:7rem}
.table,details{margin:1rem 0;padding:.9rem 1rem;background:var(--paper);
 border:1px solid var(--grid);border-radius:12px}
.scroll{overflow-x:auto;max-width:100%}
.scroll td,.scroll th{overflow-wrap:normal}
.scroll td:not(.n){min-width:8rem}
.scroll td.long:not(:first-child){min-width:min(17rem,56vw)}
.scroll td:first-child{max-width:14rem}
caption span:not(.cite){display:inline-block;position:sticky;left:0;
 max-width:min(44rem,calc(100vw - 4rem))}
.scroll td:first-child,.scroll th:first-child{position:sticky;left:0;background:var(--paper)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
 white-space:nowrap}
.remark{font-size:.88rem;color:var(--muted)}
summary{cursor:pointer;font-weight:600}
details[open]>summary{margin-bottom:.8rem}
summary .tally{display:block;font-weight:400;margin-top:.35rem}
.size{font-weight:400;color:var(--muted);white-space:nowrap}
.size::before{content:"\\00b7\\00a0"}
.badge{display:inline-block;padding:.08rem .55rem;border-radius:999px;font-size:.8rem;
 font-weight:600;white-space:nowrap;line-height:1.5;border:1px solid transparent}
.count{display:inline-block;margin:0 .6rem .3rem 0;white-space:nowrap;
 font-variant-numeric:tabular-nums}
.legend{display:grid;grid-template-columns:max-content 1fr;gap:.35rem .8rem;max-width:44rem;
 margin:1rem 0;font-size:.92rem}
.legend dt{margin:0}.legend dd{margin:0;color:var(--muted)}
.quantities{width:100%}
.w{min-width:8rem}
.quantities .note{color:var(--muted);min-width:14rem}
.quantities th[scope=row]{min-width:9rem}
.cite{font-weight:400;font-size:.85em}
.references li{overflow-wrap:anywhere;margin:.35rem 0;max-width:46rem}
.references li:target{background:var(--blue_fill)}
.record{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1rem;
 font-size:.92rem}
.record dt{color:var(--muted)}.record dd{margin:0;overflow-wrap:anywhere;min-width:0}
.record details{margin:0;padding:.4rem .7rem}
.record dl{grid-template-columns:minmax(5rem,max-content) 1fr;margin:0}
.top{font-size:.9rem}
footer{margin-top:3rem;color:var(--muted);font-size:.9rem}
@media(max-width:46rem){
 figure{padding:.7rem .25rem;margin-left:-1rem;margin-right:-1rem;
  border-width:1px 0;border-radius:0}
 figcaption{margin:.7rem .75rem 0;padding:.7rem 0 0}
 section{margin-top:2.4rem}
 .table,details{padding:.8rem}
 .quantities,.quantities tbody{display:block;width:100%}
 .quantities thead{position:absolute;width:1px;height:1px;overflow:hidden;
  clip-path:inset(50%);white-space:nowrap}
 .quantities tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.1rem .8rem;
  padding:.75rem 0;border-bottom:1px solid var(--grid)}
 .quantities th,.quantities td{display:block;padding:0;border:0;text-align:left;
  white-space:normal;min-width:0}
 .quantities th[scope=row]{grid-column:1/-1;font-weight:600}
 .quantities td::before{content:attr(data-label) " ";color:var(--muted)}
 .quantities .s{grid-column:1/-1;grid-row:2;margin:.1rem 0 .2rem}
 .quantities .s::before,.quantities .note::before{content:none}
 .quantities .note{grid-column:1/-1;font-size:.95em}
 .record,.record dl{grid-template-columns:1fr;gap:0}
 .record dd{margin-bottom:.5rem}
 .record .record{padding-left:.8rem;border-left:2px solid var(--grid)}
 .scroll td:first-child:not(.n){min-width:6.5rem;max-width:8.5rem}
 .legend{gap:.35rem .6rem;font-size:.85rem}
}
@media print{
 body{background:#fff}
 figure,.table,details{break-inside:avoid;border-color:#ccc}
 nav,.top{display:none}
}
"""


def stylesheet() -> str:
    """Return the style sheet with the colours of the palette, for light and for dark.

    Returns
    -------
    str
        CSS.

    Example
    -------
    >>> "prefers-color-scheme:dark" in stylesheet()
    True
    """
    badges = "".join(
        f".{name}{{color:var(--{name}-text);background:var(--{name}-ground)}}" for name in BADGES
    )
    return (
        f":root{{color-scheme:light dark;{_variables(False)}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{_variables(True)}}}}}"
        f"{_RULES}{badges}.badge.gone{{border:1px dashed currentColor}}\n"
    )
