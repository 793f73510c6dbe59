/// The lengths of a pass's sequences and predictions, without their tokens: equal neighbours are one run, so that a plan of
/// millions of rows is a few numbers.
package struct PassLengths: Sendable {
  /// Sequences of one length.
  package struct Run: Sendable {
    package var count: Int
    /// Of each.
    package var tokens: Int
    /// Tokens of the earlier sequence that each follows; 0 for none.
    package var prefix: Int

    package init(count: Int = 1, tokens: Int, prefix: Int = 0) {
      self.count = count
      self.tokens = tokens
      self.prefix = prefix
    }
  }

  /// Units of `TrainingPass.train` with one number of predictions.
  package struct Units: Sendable {
    package var count: Int
    package var predictions: Int

    package init(count: Int = 1, predictions: Int) {
      self.count = count
      self.predictions = predictions
    }
  }

  package var sequences: [Run]
  package var units: [Units]

  package init(sequences: [Run], units: [Units]) {
    self.sequences = sequences
    self.units = units
  }

  package init(_ sequences: [PackedSequence], predictions: [Int]) {
    self.sequences = sequences.map { sequence in
      Run(
        tokens: sequence.ids.count, prefix: sequence.parent.map { sequences[$0].ids.count } ?? 0)
    }
    units = predictions.map { Units(predictions: $0) }
  }

  /// Tokens that run.
  package var tokens: Int { sequences.reduce(0) { $0 + $1.count * $1.tokens } }

  var predictions: Int { units.reduce(0) { $0 + $1.count * $1.predictions } }

  /// Of the longest sequence, what it follows included.
  var positions: Int { sequences.reduce(1) { max($0, $1.prefix + $1.tokens) } }

  /// Key-value blocks that hold something of their own, as `TrainingBlocks` lays them out.
  var blocks: Int {
    sequences.reduce(0) { sum, run in
      let end = KeyValueBlockShape.count(positions: run.prefix + run.tokens)
      return sum + run.count * (end - run.prefix / KeyValueBlockShape.positions)
    }
  }

  /// The numbers of predictions that `LogProbHead.spans` puts together, each kind once.
  func spans(most: Int) -> Set<Int> {
    var sizes: Set<Int> = []
    var open = 0
    for run in units where run.predictions > 0 {
      var left = run.count
      while left > 0 {
        let fits = max(0, most - open) / run.predictions
        let taken = min(left, open == 0 ? max(1, fits) : fits)
        if taken == 0 {
          sizes.insert(open)
          open = 0
          continue
        }
        open += taken * run.predictions
        left -= taken
        // Whole spans like this one, all but the last, which the next run may go on with.
        if left > 0 && open == max(1, most / run.predictions) * run.predictions {
          left -= (left - 1) / max(1, most / run.predictions) * max(1, most / run.predictions)
        }
      }
    }
    sizes.insert(open)
    return sizes.filter { $0 > 0 }
  }
}

extension ModelShape {
  /// True where the sums of `PassMemory` over these lengths stay far from the end of `Int`: a bound in floating point, a few
  /// dozen times what they come to.
  package func canMeasure(_ lengths: PassLengths) -> Bool {
    let c = configuration
    var rows = Double(threads) * Double(lengths.positions + 64)
    for run in lengths.sequences {
      rows += Double(run.count) * (Double(run.tokens) + Double(run.prefix) + 128)
    }
    for run in lengths.units { rows += Double(run.count) * Double(run.predictions) }
    let widths =
      Double(c.width) + Double(c.hiddenWidth) + Double(c.queryWidth) + 32 * Double(c.keyValueWidth)
      + 64 * Double(c.headWidth) + 4096
    let floats = rows * 16 * Double(c.layers + 8) * widths
    return floats < Double(1 << 59)
  }
}
