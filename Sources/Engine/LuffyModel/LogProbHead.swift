internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// The distribution of one row: log-sum-exp and entropy of its logits over temperature.
package struct HeadStatistics: Sendable {
  /// In nats; of the scaled logits.
  package var logSumExp: Float = 0
  package var entropy: Float = 0
}

/// The output head: log-probs and entropies without ever holding [T, V].
///
/// The vocabulary is walked in blocks of 1,024 logits. A block's statistics are float32 in sixteen lanes; blocks are
/// combined in float64 in ascending order. The sampler reduces whole rows by the same blocks and so has the same bits.
struct LogProbHead {
  static let block = 1024
  /// Rows whose logits of one block are held at once where not all are kept.
  static let rowsAtOnce = 512
  /// The most floats of logits that are kept from the forward half to the backward half.
  static let keptFloats = 1 << 26

  let model: Model
  let workspace: Workspace

  /// The token whose log-prob a row is asked for, under softmax(logits · inverseTemperature).
  struct Target {
    var id: Int32
    var inverseTemperature: Float
  }

  private var width: Int { model.configuration.width }
  private var mask: VocabularyMask { model.vocabulary }
  /// Rows of the vocabulary that are walked.
  private var vocabulary: Int { mask.limit }
  private var packedHead: UnsafePointer<Float> { model.packed[model.layout.head] }
  private var products: MatrixProducts { workspace.products }

  /// The running combination of blocks: maximum, Σ e^(l - max) and Σ (l - max) e^(l - max).
  private struct Running {
    var maximum = -Double.infinity
    var sum = 0.0
    var weighted = 0.0

    mutating func add(_ top: Float, _ blockSum: Float, _ blockWeighted: Float) {
      let top = Double(top)
      // Everything that is not finite ends as NaN, which the caller reports.
      if top > maximum {
        let shift = maximum - top
        let decay = maximum == -.infinity ? 0 : Elementary.exp(shift)
        weighted = (weighted + (maximum == -.infinity ? 0 : shift * sum)) * decay
        sum *= decay
        maximum = top
      }
      let shift = top - maximum
      let scale = shift == 0 ? 1 : Elementary.exp(shift)
      weighted += (Double(blockWeighted) + (shift == 0 ? 0 : shift * Double(blockSum))) * scale
      sum += Double(blockSum) * scale
    }

    var statistics: HeadStatistics {
      let logSum = Elementary.log(sum)
      return HeadStatistics(
        logSumExp: Float(maximum + logSum), entropy: Float(logSum - weighted / sum))
    }
  }

  /// Statistics of a whole row of logits [V], the holes of the mask at −∞, for the sampler.
  static func statistics(
    of logits: UnsafePointer<Float>, _ mask: VocabularyMask, inverseTemperature: Float,
    kernels: luffy_kernels
  ) -> HeadStatistics {
    var running = Running()
    var out: (Float, Float, Float) = (0, 0, 0)
    for first in stride(from: 0, to: mask.limit, by: block) {
      let count = min(block, mask.limit - first)
      if mask.leavesOut(first..<first + count) { continue }
      withUnsafeMutableBytes(of: &out) { bytes in
        kernels.head_block(
          logits + first, count, inverseTemperature,
          bytes.assumingMemoryBound(to: Float.self).baseAddress)
      }
      running.add(out.0, out.1, out.2)
    }
    return running.statistics
  }

  /// Logits [rows, V] of normed rows h [rows, D]; those of the mask's holes are −∞, those past its limit unset.
  func logits(
    _ h: UnsafeMutablePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let size = model.configuration.vocabularySize
    try products.forward(
      Rows(h, stride: width), rows: rows, k: width, packed: packedHead, n: vocabulary,
      into: Rows(y, stride: size))
    mask.hide(y, rows: 0..<vocabulary, count: rows, stride: size)
  }

  // MARK: Spans

  /// Consecutive predictions that go through the head together.
  struct Span: Equatable {
    let predictions: Range<Int>
    /// All logits of the span stay from its forward half to its backward half; else they are computed again.
    let keepsLogits: Bool

    /// Rows whose logits are held at once.
    var rows: Int { keepsLogits ? predictions.count : min(rowsAtOnce, predictions.count) }

    /// Floats of logits that are held at once.
    func floats(vocabulary: Int) -> Int {
      rows * (keepsLogits ? (vocabulary + block - 1) / block : 1) * block
    }
  }

  /// Cuts predictions into spans of whole units: as many as may be kept, or one too large to be.
  static func spans(of units: [Int], vocabulary: Int, recomputing: Bool) -> [Span] {
    let most = mostKept(vocabulary)
    var spans: [Span] = []
    var (start, end) = (0, 0)
    func close() {
      if end == start { return }
      spans.append(
        Span(predictions: start..<end, keepsLogits: !recomputing && end - start <= most))
      start = end
    }
    for count in units {
      if end - start + count > most { close() }
      end += count
    }
    close()
    return spans
  }

  /// One span of each size that the units of some lengths are cut into.
  static func spans(of lengths: PassLengths, vocabulary: Int, recomputing: Bool) -> [Span] {
    let most = mostKept(vocabulary)
    return lengths.spans(most: most).map {
      Span(predictions: 0..<$0, keepsLogits: !recomputing && $0 <= most)
    }
  }

  /// Rows whose logits may be kept.
  private static func mostKept(_ vocabulary: Int) -> Int {
    keptFloats / ((vocabulary + block - 1) / block * block)
  }

  /// Where the logits of a block of columns lie, [rows, 1024].
  private func place(_ rows: Int, _ column: Int, kept: Bool) throws(OutOfMemory)
    -> UnsafeMutablePointer<Float>
  {
    let blocks = kept ? (vocabulary + Self.block - 1) / Self.block : 1
    let start = try workspace.logits.take(rows * blocks * Self.block)
    return kept ? start + column * rows : start
  }

  /// Logits of the columns of a block, the holes of the mask at −∞, for `rows` rows h.
  private func computeBlock(
    _ h: MatrixProducts.PackedRows, rows: Int, _ columns: Range<Int>,
    into block: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let panels = packedHead + products.panelOffset(column: columns.lowerBound, k: width)
    try products.forward(
      h, .init(.init(packed: panels, n: columns.count, into: Rows(block, stride: Self.block))))
    mask.hide(block, rows: columns, count: rows, stride: Self.block)
  }

  /// The blocks of columns of which at least one row of the vocabulary takes part.
  private var columns: [Range<Int>] {
    stride(from: 0, to: vocabulary, by: Self.block).map {
      $0..<min($0 + Self.block, vocabulary)
    }.filter { !mask.leavesOut($0) }
  }

  private func packed(
    _ h: UnsafeMutablePointer<Float>, _ rows: Int
  ) throws(OutOfMemory) -> MatrixProducts.PackedRows {
    try products.packRows(Rows(h, stride: width), rows: rows, k: width)
  }

  // MARK: Forward

  /// Log-probs of targets and the statistics of their rows.
  struct Scores {
    var logProbs: [Float] = []
    var statistics: [HeadStatistics] = []
  }

  /// Scores of rows h [targets.count, D]; `keepingLogits` for a span that goes back.
  func forward(
    _ h: UnsafeMutablePointer<Float>, targets: [Target], keepingLogits: Bool
  ) throws(OutOfMemory) -> Scores {
    var scores = Scores()
    let step = keepingLogits ? max(1, targets.count) : Self.rowsAtOnce
    for first in stride(from: 0, to: targets.count, by: step) {
      let rows = min(step, targets.count - first)
      var running = [Running](repeating: Running(), count: rows)
      var chosen = [Float](repeating: 0, count: rows)
      let h = try packed(h + first * width, rows)
      let targets = Array(targets[first..<first + rows])
      for columns in columns {
        let block = try place(rows, columns.lowerBound, kept: keepingLogits)
        try computeBlock(h, rows: rows, columns, into: block)
        reduce(block, rows, columns.lowerBound, columns.count, targets, &running, &chosen)
      }
      for row in 0..<rows {
        let result = running[row].statistics
        scores.statistics.append(result)
        scores.logProbs.append(chosen[row] * targets[row].inverseTemperature - result.logSumExp)
      }
    }
    return scores
  }

  private func reduce(
    _ block: UnsafeMutablePointer<Float>, _ rows: Int, _ column: Int, _ count: Int,
    _ targets: [Target], _ running: inout [Running], _ chosen: inout [Float]
  ) {
    let kernels = products.kernels
    running.withUnsafeMutableBufferPointer { running in
      chosen.withUnsafeMutableBufferPointer { chosen in
        guard let running = running.baseAddress, let chosen = chosen.baseAddress else { return }
        products.pool.parallelFor(rows) { row in
          var out: (Float, Float, Float) = (0, 0, 0)
          withUnsafeMutableBytes(of: &out) { bytes in
            kernels.head_block(
              block + row * Self.block, count, targets[row].inverseTemperature,
              bytes.assumingMemoryBound(to: Float.self).baseAddress)
          }
          running[row].add(out.0, out.1, out.2)
          let target = Int(targets[row].id) - column
          if target >= 0 && target < count { chosen[row] = block[row * Self.block + target] }
        }
      }
    }
  }

  // MARK: Backward

  /// What the backward pass is given for each row.
  struct RowGradient {
    var target: Target
    var dLogProb: Float
    var dEntropy: Float
    var statistics: HeadStatistics
  }

  /// dh [rows, D] = Σ over the vocabulary, and the head's weight gradient added to `dWeight` [V, D].
  ///
  /// Kept logits are those of `forward` over the same rows, which become their gradients.
  func backward(
    _ h: UnsafeMutablePointer<Float>, _ gradients: [RowGradient], keptLogits: Bool,
    into dh: UnsafeMutablePointer<Float>, dWeight: UnsafeMutablePointer<Float>?
  ) throws(OutOfMemory) {
    dh.update(repeating: 0, count: gradients.count * width)
    let weight = model.values.pointer + model.layout.head
    let step = keptLogits ? max(1, gradients.count) : Self.rowsAtOnce
    for first in stride(from: 0, to: gradients.count, by: step) {
      let rows = min(step, gradients.count - first)
      let h = h + first * width
      for columns in columns {
        let (column, count) = (columns.lowerBound, columns.count)
        let block = try place(rows, column, kept: keptLogits)
        if !keptLogits { try computeBlock(try packed(h, rows), rows: rows, columns, into: block) }
        differentiate(block, gradients[first..<first + rows], column, count)
        let dLogits = Rows(block, stride: Self.block)
        try products.inputGradient(
          dLogits, rows: rows, n: count, w: weight + column * width, k: width,
          into: Rows(dh + first * width, stride: width), store: .chain)
        guard let dWeight else { continue }
        try products.weightGradient(
          dLogits, Rows(h, stride: width), rows: rows, n: count, k: width,
          into: dWeight + column * width)
      }
    }
  }

  /// Logits of a block of columns become their gradients.
  private func differentiate(
    _ block: UnsafeMutablePointer<Float>, _ gradients: ArraySlice<RowGradient>, _ column: Int,
    _ count: Int
  ) {
    let kernels = products.kernels
    products.pool.parallelFor(gradients.count) { row in
      let g = gradients[gradients.startIndex + row]
      let logits = block + row * Self.block
      kernels.head_backward(
        logits, count, g.target.inverseTemperature, g.statistics.logSumExp, g.statistics.entropy,
        g.dLogProb, g.dEntropy)
      let target = Int(g.target.id) - column
      if target >= 0 && target < count {
        logits[target] += g.dLogProb * g.target.inverseTemperature
      }
    }
  }
}
