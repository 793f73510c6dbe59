/// The work of attention's backward pass, a task a sequence and key-value head, cut among threads once for all layers.
struct AttentionTasks {
  struct Task {
    var segment: Int
    var head: Int
  }

  /// Each thread's tasks: the longest first, each to whoever has least.
  let shares: [[Task]]
  /// Where each sequence's share of its prefix's gradients begins.
  let prefixRows: [Int]
  let longestPrefix: Int
  /// Ranges of 32 keys of the longest sequence.
  let keyBlocks: Int

  init(_ segments: [Segment], heads: Int, parts: Int) {
    var rows: [Int] = []
    var next = 0
    for segment in segments {
      rows.append(next)
      next += segment.sharedPositions
    }
    prefixRows = rows
    longestPrefix = segments.reduce(0) { max($0, $1.sharedPositions) }
    keyBlocks = segments.reduce(0) { max($0, $1.keyBlocks) }
    var shares = [[Task]](repeating: [], count: parts)
    var loads = [Int](repeating: 0, count: parts)
    for index in segments.indices.sorted(by: { segments[$0].pairs > segments[$1].pairs }) {
      for head in 0..<heads {
        let part = loads.indices.min { loads[$0] < loads[$1] } ?? 0
        shares[part].append(Task(segment: index, head: head))
        loads[part] += segments[index].pairs
      }
    }
    self.shares = shares
  }
}

extension Segment {
  /// Ranges of 32 keys that its queries meet in the backward pass.
  var keyBlocks: Int { Segment.keyBlocks(count: count, sharedPositions: sharedPositions) }

  static func keyBlocks(count: Int, sharedPositions: Int) -> Int {
    KeyValueBlockShape.count(positions: sharedPositions)
      + KeyValueBlockShape.count(positions: count)
  }

  /// Pairs of a query and a key that it sees, about.
  fileprivate var pairs: Int { count * (sharedPositions + (count + 1) / 2) }
}
