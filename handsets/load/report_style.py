"""How the report looks: one style sheet, light and dark as the reader's system has it. Pure."""

STYLE = """
:root{--ink:#1c2733;--faint:#5d6b7a;--paper:#fff;--ground:#f3f5f8;--edge:#dde3ea;--c0:#2f6fb3;
--c1:#8fa3b8;--c2:#2e8b57;--c3:#e08a3c;--good:#2e8b57;--bad:#c0392b}
@media (prefers-color-scheme:dark){:root{--ink:#e7ecf2;--faint:#a3afbc;--paper:#1d2530;
--ground:#131a22;--edge:#36414e;--c0:#6aa5e3;--c1:#75879a;--c2:#53b37f;--c3:#e9a15d;
--good:#53b37f;--bad:#ef7b6d}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1220px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:17px;margin:0 0 8px}
p{margin:0 0 6px}section p{margin-bottom:10px;font-size:13px}
.faint,small{color:var(--faint)}p.bad{color:var(--bad)}
.mark{font-size:13px;font-weight:600;padding:2px 10px;border-radius:99px;color:var(--paper);
vertical-align:middle}
.mark.good{background:var(--good)}.mark.bad{background:var(--bad)}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:18px}
section,.card{background:var(--paper);border:1px solid var(--edge);border-radius:10px;
padding:16px 20px;min-width:0}
.wide{grid-column:1/-1;overflow-x:auto}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:14px;
margin:20px 0 18px}
.card b{display:block;font-size:26px;line-height:1.25;font-variant-numeric:tabular-nums}
.card small{display:block}
svg{width:100%;height:auto;display:block}
svg text{font-size:12px;fill:var(--ink);dominant-baseline:middle;
font-variant-numeric:tabular-nums}
svg .end{text-anchor:end}svg .middle{text-anchor:middle}svg .faint{fill:var(--faint)}
.grid{stroke:var(--edge)}
.line{fill:none!important;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.line.c0{stroke:var(--c0)}.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}
.line.c3{stroke:var(--c3)}.line.bad{stroke:var(--bad)}
rect.c0{fill:var(--c0)}rect.c1{fill:var(--c1)}rect.c2{fill:var(--c2)}rect.c3{fill:var(--c3)}
rect.bad{fill:var(--bad)}
.hit{fill:transparent}.hit:hover{fill:var(--faint);fill-opacity:.15}
.key{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;padding:0;list-style:none;
font-size:13px}
.key svg{width:11px;height:11px;display:inline-block;margin-right:6px}
.bars{list-style:none;margin:0;padding:0;font-size:13px}
.bars li{display:grid;grid-template-columns:minmax(0,9fr) minmax(0,10fr) 4.5em;gap:0 10px;
align-items:center;padding:3px 0}
.bars span{text-align:right;overflow-wrap:anywhere}
.bars b{display:block;height:15px;min-width:2px;border-radius:2px}
.bars em{font-style:normal;font-variant-numeric:tabular-nums}
b.c0{background:var(--c0)}b.c2{background:var(--c2)}b.bad{background:var(--bad)}
.scroll{overflow-x:auto}
@media (max-width:640px){main{padding:18px 12px 32px}section,.card{padding:14px}
.wide>svg{min-width:620px}svg text{font-size:18px}
.cards{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}.card b{font-size:22px}
.bars li{grid-template-columns:minmax(0,1fr) 4.5em}.bars span{grid-column:1/-1;text-align:left}}
table{border-collapse:collapse;width:100%;font-size:13px;margin-top:8px}
th,td{padding:4px 10px 4px 0;border-bottom:1px solid var(--edge);text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}
th:first-child,td:first-child,.text td,.text th{text-align:left}
.text{width:auto}.text td,.text th{padding-right:28px;white-space:normal}
@media print{body{background:#fff}section{break-inside:avoid}}
"""
"""The style sheet of the page."""
