/// Where one layer's activations of T tokens lie, in floats from the start of its store.
struct LayerActivations {
  let tokens: Int
  let start: UnsafeMutablePointer<Float>
  private let layout: Layout

  /// Offsets; the same for every layer of a pass.
  struct Layout {
    var count = 0
    var inputInverse = 0, queryInverse = 0, keyInverse = 0, postInverse = 0
    var query = 0, key = 0, value = 0, rawQuery = 0, rawKey = 0
    var attention = 0, logSum = 0, middle = 0, gate = 0, up = 0

    init(_ c: ModelConfiguration, tokens: Int) {
      inputInverse = take(tokens)
      postInverse = take(tokens)
      query = take(tokens * c.queryWidth)
      key = take(tokens * c.keyValueWidth)
      value = take(tokens * c.keyValueWidth)
      if c.normalizesQueryAndKey {
        rawQuery = take(tokens * c.queryWidth)
        rawKey = take(tokens * c.keyValueWidth)
        queryInverse = take(tokens * c.queryHeads)
        keyInverse = take(tokens * c.keyValueHeads)
      }
      attention = take(tokens * c.queryWidth)
      logSum = take(tokens * c.queryHeads)
      middle = take(tokens * c.width)
      gate = take(tokens * c.hiddenWidth)
      up = take(tokens * c.hiddenWidth)
    }

    private mutating func take(_ floats: Int) -> Int {
      defer { count += (floats + 15) / 16 * 16 }
      return count
    }
  }

  init(_ layout: Layout, tokens: Int, start: UnsafeMutablePointer<Float>) {
    self.layout = layout
    self.tokens = tokens
    self.start = start
  }

  var inputInverse: UnsafeMutablePointer<Float> { start + layout.inputInverse }
  var postInverse: UnsafeMutablePointer<Float> { start + layout.postInverse }
  var queryInverse: UnsafeMutablePointer<Float> { start + layout.queryInverse }
  var keyInverse: UnsafeMutablePointer<Float> { start + layout.keyInverse }
  /// After norm and rotation, [T, H E]; likewise `key`.
  var query: UnsafeMutablePointer<Float> { start + layout.query }
  var key: UnsafeMutablePointer<Float> { start + layout.key }
  var value: UnsafeMutablePointer<Float> { start + layout.value }
  /// Before the norm by head (Qwen3).
  var rawQuery: UnsafeMutablePointer<Float> { start + layout.rawQuery }
  var rawKey: UnsafeMutablePointer<Float> { start + layout.rawKey }
  /// [T, H E]
  var attention: UnsafeMutablePointer<Float> { start + layout.attention }
  /// [T, H]
  var logSum: UnsafeMutablePointer<Float> { start + layout.logSum }
  /// The residual stream between attention and feed-forward, [T, D].
  var middle: UnsafeMutablePointer<Float> { start + layout.middle }
  var gate: UnsafeMutablePointer<Float> { start + layout.gate }
  var up: UnsafeMutablePointer<Float> { start + layout.up }
}
