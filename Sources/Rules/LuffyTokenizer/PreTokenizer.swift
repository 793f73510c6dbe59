/// What happens to the matches of a `Split`.
enum SplitBehavior: String {
  case isolated = "Isolated"
  case removed = "Removed"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"
}

/// The steps that cut a text into pieces, within which byte pairs are merged.
struct PreTokenizer: Sendable {
  enum Step: Sendable {
    /// Cut at the matches of a pattern; `inverted`: at what is between them.
    case split(Pattern, SplitBehavior, inverted: Bool)
    /// Cut at numeric scalars (general category N): each alone, or runs of them.
    case digits(individual: Bool)
    /// Put a space before a piece that does not begin with one.
    case prefixSpace
  }

  var steps: [Step] = []
}

/// A stretch of text, and the same stretch as patterns see it (`CodePointStandIn`).
@unsafe struct TextPiece {
  let text: UnsafeBufferPointer<UInt8>
  let view: UnsafeBufferPointer<UInt8>

  func slice(_ start: Int, _ end: Int) -> TextPiece {
    unsafe TextPiece(
      text: UnsafeBufferPointer(rebasing: text[start..<end]),
      view: UnsafeBufferPointer(rebasing: view[start..<end]))
  }
}

/// Turns the parts that a splitter finds (match or not, in order) into pieces by a behaviour.
///
/// Parts adjoin; a part may be empty (an empty match), which counts for the behaviour but never
/// becomes a piece.
struct SplitJoiner {
  private let behavior: SplitBehavior
  private var start = 0
  private var end = 0
  private var pendingIsMatch = false
  private var hasPending = false

  init(_ behavior: SplitBehavior) { self.behavior = behavior }

  /// Takes a part; answers the piece that it completes.
  @inline(__always)
  mutating func take(_ from: Int, _ to: Int, isMatch: Bool) -> (start: Int, end: Int)? {
    switch behavior {
    case .isolated: return (from, to)
    case .removed: return isMatch ? nil : (from, to)
    default: break
    }
    if hasPending, joins(isMatch) {
      end = to
      pendingIsMatch = isMatch
      return nil
    }
    defer {
      (start, end, pendingIsMatch, hasPending) = (from, to, isMatch, true)
    }
    return hasPending ? (start, end) : nil
  }

  /// The last piece, after the last part.
  mutating func finish() -> (start: Int, end: Int)? { hasPending ? (start, end) : nil }

  private func joins(_ isMatch: Bool) -> Bool {
    switch behavior {
    case .contiguous: isMatch == pendingIsMatch
    case .mergedWithPrevious: isMatch && !pendingIsMatch
    case .mergedWithNext: !isMatch && pendingIsMatch
    case .isolated, .removed: false
    }
  }
}
