/// The pages' style sheet and the few lines of script, as text.
enum ReportStyle {
  /// Colours keep their order of lightness for those who do not tell hues apart, and curves differ in dashes, too.
  static let css = """
    :root { color-scheme: light dark;
      --page: #fbfbfa; --card: #fff; --ink: #1b1e23; --soft: #565c66; --line: #dcdfe4;
      --c0: #0062a8; --c1: #c25400; --c2: #00785a; --c3: #7d7000; --c4: #8b3fa0; --c5: #b3225e; --c6: #5a5f66;
      --c7: #0090a0; --cool: 0 98 168; --warm: 206 92 0; --depth: .55; --good: #00694e; --bad: #a8321a; }
    @media (prefers-color-scheme: dark) { :root {
      --page: #14171c; --card: #1b1f26; --ink: #e9ebee; --soft: #a7aeb9; --line: #363c46;
      --c0: #5cb3f0; --c1: #ff9d57; --c2: #3ecfa5; --c3: #d3c64f; --c4: #d493e6; --c5: #ff86b0; --c6: #aab2bd;
      --c7: #4fd3e0; --cool: 44 122 190; --warm: 190 96 24; --depth: .85; --good: #4cd3aa; --bad: #ff9a82; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
    h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
    p, ul { margin: .4rem 0; max-width: 48rem; }
    .note, footer { color: var(--soft); font-size: .875rem; margin: 0 0 .3rem; }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: .8rem; }
    figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
      padding: .6rem .7rem .3rem; max-width: 36rem; }
    figcaption { font-weight: 600; font-size: .95rem; }
    figure svg { display: block; width: 100%; height: auto; }
    svg text { fill: var(--soft); font-size: 11.5px; font-family: inherit; }
    .grid { stroke: var(--line); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
    [class^="s"]:is(polyline, line) { fill: none; stroke-width: 2; stroke-linejoin: round; }
    polygon { opacity: .16; } circle { fill-opacity: .55; }
    .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); stroke-dasharray: 7 3; } .s2 { stroke: var(--c2); }
    .s3 { stroke: var(--c3); stroke-dasharray: 2 3; } .s4 { stroke: var(--c4); }
    .s5 { stroke: var(--c5); stroke-dasharray: 9 3 2 3; } .s6 { stroke: var(--c6); stroke-dasharray: 4 2; }
    .s7 { stroke: var(--c7); }
    .b0, .d0 { fill: var(--c0); } .b1, .d1 { fill: var(--c1); } .b2, .d2 { fill: var(--c2); }
    .b3, .d3 { fill: var(--c3); } .b4, .d4 { fill: var(--c4); } .b5, .d5 { fill: var(--c5); }
    .b6, .d6 { fill: var(--c6); } .b7, .d7 { fill: var(--c7); }
    .legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; padding: .4rem 0; margin: 0;
      max-width: none; font-size: .875rem; }
    .legend svg { width: 28px; height: 8px; margin-right: .4rem; vertical-align: middle; }
    .sticky { position: sticky; top: 0; background: var(--page); z-index: 1; border-bottom: 1px solid var(--line);
      margin-bottom: .8rem; }
    .scroll { overflow-x: auto; margin: .5rem 0; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--line); }
    td { white-space: nowrap; }
    th[scope="row"], thead th:first-child { text-align: left; } thead th { vertical-align: bottom; color: var(--soft); }
    .pairs td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
    .claim { border-left: .3rem solid var(--soft); padding: .1rem .8rem; margin: .8rem 0; }
    .claim.confirmed { border-color: var(--good); } .claim.refuted { border-color: var(--bad); }
    .confirmed b { color: var(--good); } .refuted b { color: var(--bad); }
    .claim li { font-size: .9rem; } .claim ul { padding-left: 1.1rem; }
    .modes { border: 0; padding: 0; margin: .5rem 0; display: flex; flex-wrap: wrap; gap: .3rem; }
    input.mode { position: absolute; opacity: 0; pointer-events: none; }
    .modes label { border: 1px solid var(--line); border-radius: 1rem; padding: .3rem .8rem; cursor: pointer;
      font-size: .875rem; background: var(--card); }
    .key { display: none; } .key ul { display: flex; flex-wrap: wrap; list-style: none; padding: 0; gap: .3rem;
      font-size: .8rem; }
    .key li { padding: .1rem .5rem; border-radius: .2rem; border: 1px solid var(--line); }
    .rollout { margin: .35rem 0; padding-left: .6rem; border-left: .2rem solid var(--line); }
    .rollout.trace { border-color: var(--c1); }
    .rollout small { color: var(--soft); display: block; }
    .tokens { font: 14px/1.9 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
      overflow-wrap: anywhere; }
    .tokens i { font-style: normal; padding: .15rem .1rem; margin-right: 1px; border-radius: .15rem; cursor: default; }
    .readout { position: sticky; bottom: 0; display: block; min-height: 2.2rem; padding: .4rem .7rem;
      background: var(--card); border: 1px solid var(--line); border-radius: .4rem; font-size: .875rem; }
    details { margin: .4rem 0; } summary { cursor: pointer; }
    """

  /// Shows a token's numbers where there is no pointer to hover with.
  static let script = """
    document.addEventListener('click', function (event) {
      var token = event.target.closest && event.target.closest('.tokens i');
      if (!token) return;
      var readout = token.closest('.samples').querySelector('.readout');
      readout.textContent = token.title;
    });
    """
}
