import CLuffySIMD

/// One tile of c = a b: a [k][rows of the tile], panel [k][32], c rows 32 wide with stride ldc.
@inline(always) func product<Tile: RegisterTile, A: Arithmetic>(
  _: Tile.Type, _: A.Type, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: UnsafePointer<Float>, _ mode: Int32,
  _ ahead: inout Ahead
) {
  var column = 0
  while column < 32 {
    var tile = Tile()
    if mode == Int32(LUFFY_STORE_CHAIN) { tile.start(c + column, ldc) }
    // A tile that takes half the columns walks twice over k, and once over what is read ahead.
    if column == 0 {
      A.run(&tile, a, k, panel + column, &ahead)
    } else {
      var resting = ahead.atRest
      A.run(&tile, a, k, panel + column, &resting)
    }
    tile.finish(
      c + column, ldc, Tile.Columns(bias + column), add: mode == Int32(LUFFY_STORE_ADD))
    column += Tile.Columns.count
  }
}

/// Cache lines that are asked for one after another, at an even pace.
struct Lines {
  private var line: UnsafePointer<Float>
  private var pace: Int
  private let end: UnsafePointer<Float>

  /// - Parameter pace: Floats from one prefetch to the next: below 16, lines are asked for more than once.
  @inline(always) init(_ start: UnsafePointer<Float>, _ count: Int, pace: Int) {
    line = start
    end = start + count
    self.pace = pace
  }

  @inline(always) var isThrough: Bool { line >= end }

  /// Asks for one line from now on.
  @inline(always) mutating func rest(at idle: UnsafePointer<Float>) {
    line = idle
    pace = 0
  }

  @inline(always) mutating func advance() {
    luffy_prefetch(line)
    line += pace
  }
}

/// What comes into the cache while tiles multiply: the next panel, and beside it spans that the caller names, each evenly
/// over the tiles, since memory answers a steady stream sooner than bursts. A lone tile brings the even and the odd lines
/// of the panel.
struct Ahead {
  private var panel: Lines
  private var span: Lines
  private var next = 0
  private let steps: Int
  private let tilesPerSpan: Int
  private let idle: UnsafePointer<Float>
  private let spans: UnsafePointer<luffy_read_ahead>?

  /// - Parameters:
  ///   - steps: Of each tile.
  ///   - idle: A line that is in the cache.
  @inline(always) init(
    _ ahead: UnsafePointer<luffy_read_ahead>?, tiles: Int, steps: Int, idle: UnsafePointer<Float>
  ) {
    self.steps = steps
    self.idle = idle
    panel = Lines(idle, 0, pace: 0)
    span = panel
    let isLone = tiles == 1
    let count = ahead?.pointee.count ?? 0
    spans = isLone || count == 0 ? nil : ahead
    tilesPerSpan = tiles / (count > 0 ? count : 1)
    if let ahead, let start = ahead.pointee.panel {
      let floats = ahead.pointee.panel_floats
      panel = Lines(start, floats, pace: isLone ? 32 : pace(floats, tiles: tiles))
      if isLone { span = Lines(start + 16, floats - 16, pace: 32) }
    }
    if !isLone { startTile() }
  }

  /// Floats a step, at most a line.
  @inline(always) private func pace(_ floats: Int, tiles: Int) -> Int {
    let least = (floats + 16 * steps - 1) / (16 * steps)
    let all = steps * (tiles > least ? tiles : least)
    return (floats + all - 1) / all
  }

  @inline(always) mutating func startTile() {
    if panel.isThrough { panel.rest(at: idle) }
    if !span.isThrough { return }
    if let spans, next < spans.pointee.count, let start = spans.pointee.spans[next] {
      let floats = spans.pointee.floats
      span = Lines(
        start + spans.pointee.offset, floats, pace: pace(floats, tiles: tilesPerSpan))
      next += 1
    } else {
      span.rest(at: idle)
    }
  }

  @inline(always) var atRest: Ahead {
    var resting = self
    resting.panel.rest(at: idle)
    resting.span.rest(at: idle)
    return resting
  }

  @inline(always) mutating func advance() {
    panel.advance()
    span.advance()
  }
}

/// c [rows, columns] from packed a and one panel, a tile of rows at a time.
@inline(always) func gemmPanel<A: Arithmetic>(
  _: A.Type, _ a: UnsafePointer<Float>, _ rows: Int, _ height: Int, _ k: Int,
  _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ columns: Int,
  _ bias: UnsafePointer<Float>?, _ mode: Int32, _ ahead: UnsafePointer<luffy_read_ahead>?
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 32) { room in
    guard let room = room.baseAddress else { return }
    var sums = UnsafePointer(room)
    if let bias, columns == 32 {
      sums = bias
    } else {
      WholePanel().store(room)
      if let bias { for column in 0..<columns { room[column] = bias[column] } }
    }
    if columns < 32 {
      gemmNarrow(A.self, a, rows, height, k, panel, c, ldc, columns, sums, mode)
      return
    }
    var lines = Ahead(
      ahead, tiles: (rows + height - 1) / height, steps: A.steps(k), idle: panel)
    var row = 0
    while row < rows {
      let end = min(rows, row + height)
      if mode != Int32(LUFFY_STORE_SET) {
        // What the next tile adds to, while this one multiplies.
        for next in end..<min(rows, end + height) {
          luffy_prefetch(c + next * ldc)
          luffy_prefetch(c + next * ldc + 16)
        }
      }
      tileOfHeight(
        A.self, end - row, a + row * k, k, panel, c + row * ldc, ldc, sums, mode, &lines)
      lines.startTile()
      row = end
    }
  }
}

/// The same for a panel with fewer than 32 columns, through a full-width copy of each tile.
@inline(always) func gemmNarrow<A: Arithmetic>(
  _: A.Type, _ a: UnsafePointer<Float>, _ rows: Int, _ height: Int, _ k: Int,
  _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ columns: Int,
  _ sums: UnsafePointer<Float>, _ mode: Int32
) {
  withTileCopy { copy in
    var lines = Ahead(nil, tiles: 1, steps: k, idle: panel)
    var row = 0
    while row < rows {
      let end = min(rows, row + height)
      for r in 0..<end - row {
        for column in 0..<32 {
          copy[r * 32 + column] = column < columns ? c[(row + r) * ldc + column] : 0
        }
      }
      tileOfHeight(
        A.self, end - row, a + row * k, k, panel, copy, 32, sums, mode, &lines)
      for r in 0..<end - row {
        for column in 0..<columns { c[(row + r) * ldc + column] = copy[r * 32 + column] }
      }
      row = end
    }
  }
}

/// Room for a tile on the stack, where a temporary allocation of its size would be the heap's.
@inline(always) private func withTileCopy(_ body: (UnsafeMutablePointer<Float>) -> Void) {
  var room = luffy_tile_copy()
  withUnsafeMutableBytes(of: &room) { bytes in
    if let start = bytes.baseAddress { body(start.assumingMemoryBound(to: Float.self)) }
  }
}

/// a: columns of x regrouped by tile, [k][rows of the tile].
func packA(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  var row = 0
  while row < rows {
    let height = min(FullTile.rows, rows - row)
    var r = 0
    while r + rowsAtOnce <= height {
      packWholeRows(x + (row + r) * ldx, ldx, k, a + row * k + r, height)
      r += rowsAtOnce
    }
    while r < height {
      let source = x + (row + r) * ldx
      var target = a + row * k + r
      for i in 0..<k {
        target[0] = source[i]
        target += height
      }
      r += 1
    }
    row += height
  }
}

/// Rows that are read side by side while a tile is packed: few enough for an address register each.
@inline(always) private var rowsAtOnce: Int { FullTile.rows < 8 ? FullTile.rows : 7 }

@inline(always) private func packWholeRows(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>, _ height: Int
) {
  var target = a
  for i in 0..<k {
    for r in 0..<rowsAtOnce { target[r] = x[r * ldx + i] }
    target += height
  }
}

/// a from x^T: x is [k, rows]. Tiles advance together, so that what lies in one cache line of x is read once.
func packATransposed(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  var source = x
  for i in 0..<k {
    var row = 0
    while row + FullTile.rows <= rows {
      let target = a + row * k + i * FullTile.rows
      UnsafeMutableRawPointer(target).copyMemory(from: source + row, byteCount: 4 * FullTile.rows)
      row += FullTile.rows
    }
    let height = rows - row
    let target = a + row * k + i * height
    for r in 0..<height { target[r] = source[row + r] }
    source += ldx
  }
}

/// Panel [k][32] of w^T, w [columns, k].
func packPanelTransposed(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  var i = 0
  while i < k {
    let depth = min(16, k - i)  // a cache line of each row at a time
    for column in 0..<32 {
      let target = panel + i * 32 + column
      if column < columns {
        let source = w + column * ldw + i
        for j in 0..<depth { target[j * 32] = source[j] }
      } else {
        for j in 0..<depth { target[j * 32] = 0 }
      }
    }
    i += depth
  }
}

/// Panel [k][32] from rows w [k, columns].
func packPanel(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  var source = w
  var target = panel
  for _ in 0..<k {
    if columns == 32 {
      store(load(source), target)
      store(load(source + 16), target + 16)
    } else {
      for column in 0..<32 { target[column] = column < columns ? source[column] : 0 }
    }
    source += ldw
    target += 32
  }
}
