/** The look of the page on its own: the tokens of the change page, and as little else as it takes. */
import { Markup } from './text.ts'

const TOKENS = `:root{color-scheme:light dark;
--font:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;
--canvas:light-dark(#f6f7f9,#0f1217);
--surface:light-dark(#ffffff,#171b22);
--line:light-dark(#dfe3e9,#2a313b);
--control:light-dark(#7f8897,#6f7a8a);
--text:light-dark(#14181f,#e9ecf1);
--text-2:light-dark(#465061,#b3bbc7);
--text-3:light-dark(#5d6676,#939dab);
--focus:light-dark(#1f5fd0,#82acff);
--selection:light-dark(#eef3fd,#16233b);
--delete:light-dark(#a61b16,#ff9d93);
--delete-bg:light-dark(#fdf0ee,#2e1614);
--delete-line:light-dark(#e8b6b1,#6e2f29);
--replace:light-dark(#85266a,#f0a3d8);
--replace-bg:light-dark(#faeff6,#2b1626);
--update:light-dark(#1a4f9e,#93bbff);
--create:light-dark(#0b664d,#6fd3ae);
--create-bg:light-dark(#e8f5f0,#10281f);
--import:light-dark(#0a5a72,#7ccbe3);
--forget:light-dark(#6b4a12,#ddbb7f);
--unknown:light-dark(#5e43a8,#bba7ff);
--unknown-bg:light-dark(#f2effb,#211a38);
--held:light-dark(#774600,#f4c067);
--held-bg:light-dark(#fff3db,#2e2208);
--quiet:light-dark(#4d5766,#b3bbc7);
--quiet-bg:light-dark(#eef0f4,#222832)}`

const PAGE = `*{box-sizing:border-box;margin:0}
body{background:var(--canvas);color:var(--text);font:400 14px/20px var(--font);overflow-wrap:anywhere}
main{max-width:960px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:22px;line-height:29px;font-weight:620}
h2{font-size:15px;line-height:21px;font-weight:620;margin:28px 0 8px}
.count{color:var(--text-3);font-weight:400;font-variant-numeric:tabular-nums}
.small{font-size:13px;line-height:18px}
.quiet{color:var(--text-2)}
.mono,.address,.name,.lines{font-family:var(--mono);font-size:12.5px;font-variant-ligatures:none}
.odd{background:var(--quiet-bg);box-shadow:inset 0 0 0 1px var(--control);border-radius:3px;padding:0 3px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:8px}
.empty{padding:20px 16px;color:var(--text-2)}
.shapes{position:absolute;width:0;height:0}
.icon,.glyph,symbol{fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
.icon{flex:none}
header p{margin-top:6px}
.warning{margin-top:10px;padding:9px 14px;border-radius:6px;color:var(--held);background:var(--held-bg);font-size:13px;line-height:18px}
.counts{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin-top:14px}
.count-chip{display:inline-flex;gap:7px;align-items:center;font-weight:570;font-variant-numeric:tabular-nums}
.danger{margin-top:18px;background:var(--delete-bg);border:1px solid var(--delete-line);border-radius:8px}
.danger-title{display:flex;gap:10px;align-items:center;padding:12px 16px;color:var(--delete);font-weight:650;font-size:15px}
.danger-item{padding:0 16px 12px}
.danger-item+.danger-item{border-top:1px solid var(--delete-line);padding-top:12px}
.danger-name{display:flex;gap:10px;align-items:center}
.facts{display:flex;flex-wrap:wrap;gap:6px 32px;padding:10px 14px}
.danger .facts{padding:0;margin:8px 0 0 30px}
.facts dt,.danger dt{font-size:12px;line-height:16px;color:var(--text-2)}
.danger dd{font-weight:570;font-size:13.5px;line-height:18px}
.danger-more{padding:10px 16px;border-top:1px solid var(--delete-line)}
footer{margin-top:32px}
footer p+p{margin-top:4px}`

const ROWS = `.list{list-style:none;padding:0;overflow:hidden;margin-top:10px}
.list>li+li{border-top:1px solid var(--line)}
.row{display:grid;grid-template-columns:20px minmax(0,1fr) auto;gap:12px;align-items:center;min-height:56px;padding:10px 16px}
summary{cursor:pointer}
summary.row{list-style:none}
summary.row::-webkit-details-marker{display:none}
summary.row:hover{background:color-mix(in srgb,var(--selection) 45%,transparent)}
summary:focus-visible{outline:2px solid var(--focus);outline-offset:-2px;border-radius:6px}
summary.row .verb::after{content:"";display:inline-block;width:6px;height:6px;margin:0 2px 2px 10px;border:solid var(--text-3);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg)}
details[open]>summary.row .verb::after{transform:rotate(45deg)}
.plain-row{grid-template-columns:12px minmax(0,1fr);min-height:40px}
summary.plain-row::before{content:"";width:6px;height:6px;border:solid var(--text-3);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg)}
details[open]>summary.plain-row::before{transform:rotate(45deg)}
.text{min-width:0;display:grid;gap:2px}
.plain-row .text{display:block}
.effect{color:var(--text-2);font-size:13px;line-height:18px}
.address b{font-weight:600;display:inline-block;max-width:100%}
.address.odd{justify-self:start}
.module{color:var(--text-3)}
.verb{font-size:12.5px;font-weight:600;white-space:nowrap}
.tile{width:20px;height:20px;border-radius:5px;display:inline-grid;place-items:center;flex:none}
.tile.solid{background:currentColor}
.tile.solid .icon{color:var(--surface)}
.tile.outline{box-shadow:inset 0 0 0 1.5px currentColor}
.tile.dashed{border:1.5px dashed currentColor}
.hue-delete{color:var(--delete)}.hue-replace{color:var(--replace)}.hue-create{color:var(--create)}
.hue-update{color:var(--update)}.hue-import,.hue-move{color:var(--import)}.hue-forget{color:var(--forget)}
.hue-unknown{color:var(--unknown)}.hue-read,.hue-noop{color:var(--text-3)}
.tag{font:500 11.5px/18px var(--font);padding:0 6px;border-radius:4px;background:var(--quiet-bg);color:var(--quiet);white-space:nowrap;display:inline-block}
.forces{background:var(--replace-bg);color:var(--replace);font-weight:600}
.chip{display:inline-flex;align-items:center;gap:5px;padding:0 6px;border-radius:4px;font-size:12px;line-height:18px;white-space:nowrap}
.chip.hidden{color:var(--quiet);background:repeating-linear-gradient(135deg,var(--quiet-bg) 0 5px,var(--surface) 5px 8px);box-shadow:inset 0 0 0 1px var(--line)}
.reach{margin-top:10px}
.reach>div{display:grid;grid-template-columns:180px minmax(0,1fr);gap:4px 16px;padding:9px 16px;font-size:13px;line-height:18px}
.reach>div+div{border-top:1px solid var(--line)}
.reach dt{color:var(--text-2)}
.reach ul{list-style:none;padding:0;display:grid;gap:4px}
.chip.unknown{color:var(--unknown);background:var(--unknown-bg);border:1px dashed var(--unknown)}`

const VALUES = `.attributes{border-top:1px solid var(--line)}
.attributes table{width:100%;border-collapse:collapse;table-layout:fixed}
.attributes th,.attributes td{padding:6px 16px;vertical-align:top;text-align:left;font-weight:400}
.attributes th{width:240px;padding-left:48px;padding-right:0;color:var(--text-2)}
.attributes tr+tr>*{border-top:1px solid var(--line)}
.value+.value{margin-top:4px}
.label{color:var(--text-2)}
.foot{padding:7px 16px 9px 48px;border-top:1px solid var(--line);font-size:12px;line-height:16px;color:var(--text-3)}
.attributes>.foot:first-child{border-top:0}
.foot .strange{color:var(--held)}
del,ins{text-decoration:none;border-radius:3px;padding:0 3px}
del{color:var(--delete);background:var(--delete-bg)}
ins{color:var(--create);background:var(--create-bg);font-weight:600}
.arrow{color:var(--text-3);padding:0 4px}
.lines{line-height:20px;max-height:480px;overflow:auto}
.line{display:grid;grid-template-columns:20px minmax(0,1fr);white-space:pre-wrap}
.sign{text-align:center;color:var(--text-3);user-select:none;font-family:var(--mono)}
.added{background:var(--create-bg)}.added>.sign{color:var(--create);font-weight:700}
.removed{background:var(--delete-bg)}.removed>.sign{color:var(--delete);font-weight:700}
.fold{color:var(--text-3);font:400 12px/20px var(--font)}`

const GRAPH = `.scroll{overflow-x:auto;margin-top:10px;padding:10px}
.graph{display:block}
.below{margin-top:10px}
.below>summary{padding:4px 2px;color:var(--text-2);font-size:13px}
.below>.list{margin-top:6px}
.edge path{fill:none;stroke:var(--control);stroke-width:1.3}
.edge .wide{stroke:transparent;stroke-width:12}
.edge:hover path:first-child{stroke:var(--focus);stroke-width:2}
marker path{fill:none;stroke:var(--control);stroke-width:1.3}
.node>rect{fill:var(--surface);stroke:var(--line)}
.node.near>rect{fill:var(--canvas);stroke-dasharray:none}
.node text{fill:var(--text-3);font:400 11.5px var(--font)}
.node .word{fill:currentColor;font-weight:600}
.node .above{fill:var(--text-3)}
.node text.name{fill:var(--text);font:600 11.5px var(--mono)}
.node.near text.name{font-weight:400}
.node text.note{fill:var(--text-2)}
.mark{fill:none;stroke:none}
.solid>.mark{fill:currentColor}.solid>.glyph{stroke:var(--surface);color:var(--surface)}
.outline>.mark{stroke:currentColor;stroke-width:1.4}
.dashed>.mark{stroke:currentColor;stroke-width:1.4;stroke-dasharray:3 2}
.above,.name{white-space:pre}
.nodes .row{min-height:44px;align-items:start}`

const PHONE = `@media (max-width:700px){main{padding:20px 14px 32px}
.row{gap:10px;padding:10px 14px}
.attributes table,.attributes tbody,.attributes tr,.attributes th,.attributes td{display:block;width:auto}
.attributes th{padding:8px 14px 0}.attributes td{padding:2px 14px 8px}
.attributes tr+tr>td{border-top:0}.foot{padding-left:14px}.danger .facts{margin-left:0}.reach>div{grid-template-columns:minmax(0,1fr);padding:9px 14px}
.verb{white-space:normal;text-align:right;max-width:96px}}
@media print{.lines{max-height:none}}
@media (forced-colors:active){.tile,.chip,.tag,.card{border:1px solid}}`

/** Ours from the first sign to the last; nothing of a plan is in it. */
export const STYLES: Markup = new Markup([TOKENS, PAGE, ROWS, VALUES, GRAPH, PHONE].join('\n'))
