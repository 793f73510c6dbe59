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
  /// Rows whose logits of one block are held at once.
  static let rowsAtOnce = 512
  /// Of the logits that are held at once.
  static var blockFloats: Int { rowsAtOnce * block }

  let model: Model
  let workspace: Workspace
  let inverseTemperature: Float

  private var width: Int { model.configuration.width }
  private var vocabulary: Int { model.configuration.vocabularySize }
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

  /// Statistics of whole rows of logits [rows, V], for the sampler.
  static func statistics(
    of logits: UnsafePointer<Float>, count: Int, inverseTemperature: Float,
    kernels: luffy_kernels
  ) -> HeadStatistics {
    var running = Running()
    var out: (Float, Float, Float) = (0, 0, 0)
    for first in stride(from: 0, to: count, by: block) {
      withUnsafeMutableBytes(of: &out) { bytes in
        kernels.head_block(
          logits + first, min(block, count - first), inverseTemperature,
          bytes.assumingMemoryBound(to: Float.self).baseAddress)
      }
      running.add(out.0, out.1, out.2)
    }
    return running.statistics
  }

  /// Logits [rows, V] of normed rows h [rows, D].
  func logits(
    _ h: UnsafeMutablePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    try products.forward(
      Rows(h, stride: width), rows: rows, k: width, packed: packedHead, n: vocabulary,
      into: Rows(y, stride: vocabulary))
  }

  /// The log-prob of each target and the statistics of its row.
  func forward(
    _ h: UnsafeMutablePointer<Float>, targets: [Int32], logProbs: inout [Float],
    statistics: inout [HeadStatistics]
  ) throws(OutOfMemory) {
    logProbs = [Float](repeating: 0, count: targets.count)
    statistics = [HeadStatistics](repeating: HeadStatistics(), count: targets.count)
    for first in stride(from: 0, to: targets.count, by: Self.rowsAtOnce) {
      let rows = min(Self.rowsAtOnce, targets.count - first)
      var running = [Running](repeating: Running(), count: rows)
      var chosen = [Float](repeating: 0, count: rows)
      for column in stride(from: 0, to: vocabulary, by: Self.block) {
        let count = min(Self.block, vocabulary - column)
        let block = try blockLogits(h + first * width, rows, column, count)
        reduce(block, rows, column, count, Array(targets[first..<first + rows]), &running, &chosen)
      }
      for row in 0..<rows {
        let result = running[row].statistics
        statistics[first + row] = result
        logProbs[first + row] = chosen[row] * inverseTemperature - result.logSumExp
      }
    }
  }

  private func blockLogits(
    _ h: UnsafeMutablePointer<Float>, _ rows: Int, _ column: Int, _ count: Int
  ) throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
    let block = try workspace.logits.take(Self.blockFloats)
    try products.forward(
      Rows(h, stride: width), rows: rows, k: width,
      packed: packedHead + products.panelOffset(column: column, k: width),
      n: count, into: Rows(block, stride: Self.block))
    return block
  }

  private func reduce(
    _ block: UnsafeMutablePointer<Float>, _ rows: Int, _ column: Int, _ count: Int,
    _ targets: [Int32], _ running: inout [Running], _ chosen: inout [Float]
  ) {
    let kernels = products.kernels
    running.withUnsafeMutableBufferPointer { running in
      chosen.withUnsafeMutableBufferPointer { chosen in
        guard let running = running.baseAddress, let chosen = chosen.baseAddress else { return }
        products.pool.parallelFor(rows) { row in
          var out: (Float, Float, Float) = (0, 0, 0)
          withUnsafeMutableBytes(of: &out) { bytes in
            kernels.head_block(
              block + row * Self.block, count, inverseTemperature,
              bytes.assumingMemoryBound(to: Float.self).baseAddress)
          }
          running[row].add(out.0, out.1, out.2)
          let target = Int(targets[row]) - column
          if target >= 0 && target < count { chosen[row] = block[row * Self.block + target] }
        }
      }
    }
  }

  /// What the backward pass is given for each row.
  struct RowGradient {
    var target: Int32
    var dLogProb: Float
    var dEntropy: Float
    var statistics: HeadStatistics
  }

  /// dh [rows, D] = Σ over the vocabulary, and the head's weight gradient added to `dWeight` [V, D].
  func backward(
    _ h: UnsafeMutablePointer<Float>, _ gradients: [RowGradient],
    into dh: UnsafeMutablePointer<Float>, dWeight: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let kernels = products.kernels
    dh.update(repeating: 0, count: gradients.count * width)
    let weight = model.values.pointer + model.layout.head
    for first in stride(from: 0, to: gradients.count, by: Self.rowsAtOnce) {
      let rows = min(Self.rowsAtOnce, gradients.count - first)
      for column in stride(from: 0, to: vocabulary, by: Self.block) {
        let count = min(Self.block, vocabulary - column)
        let block = try blockLogits(h + first * width, rows, column, count)
        products.pool.parallelFor(rows) { row in
          let g = gradients[first + row]
          let logits = block + row * Self.block
          kernels.head_backward(
            logits, count, inverseTemperature, g.statistics.logSumExp, g.statistics.entropy,
            g.dLogProb, g.dEntropy)
          let target = Int(g.target) - column
          if target >= 0 && target < count { logits[target] += g.dLogProb * inverseTemperature }
        }
        let dLogits = Rows(block, stride: Self.block)
        try products.inputGradient(
          dLogits, rows: rows, n: count, w: weight + column * width, k: width,
          into: Rows(dh + first * width, stride: width), store: .chain)
        try products.weightGradient(
          dLogits, Rows(h + first * width, stride: width), rows: rows, n: count, k: width,
          into: dWeight + column * width)
      }
    }
  }
}
