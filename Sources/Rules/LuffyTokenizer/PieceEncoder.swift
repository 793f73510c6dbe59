/// One call's state: runs the pre-tokenizer over stretches of text and merges each piece into ids.
///
/// Pieces are not collected: each goes through the remaining steps as soon as it is found.
struct PieceEncoder: ~Copyable {
  private let steps: [PreTokenizer.Step]
  private let model: ByteLevelModel
  private var matchers: [PatternMatcher?]
  private(set) var ids: [Int32] = []

  init(_ preTokenizer: PreTokenizer, _ model: ByteLevelModel) throws(TokenizerError) {
    steps = preTokenizer.steps
    self.model = model
    matchers = []
    for step in steps {
      if case .split(let pattern, _, _) = step {
        matchers.append(try PatternMatcher(pattern))
      } else {
        matchers.append(nil)
      }
    }
  }

  mutating func reserve(_ count: Int) { ids.reserveCapacity(count) }

  mutating func append(_ more: some Sequence<Int32>) { ids.append(contentsOf: more) }

  /// Encodes bytes that are no text: one piece, no pattern.
  mutating func encodeRaw(_ bytes: UnsafeBufferPointer<UInt8>) {
    unsafe model.encode(bytes, to: &ids)
  }

  /// Encodes a stretch of valid UTF-8 without added tokens in it.
  mutating func encode(_ text: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    if text.isEmpty { return }
    for matcher in matchers { matcher?.setLimit(bytes: text.count) }
    guard let view = unsafe CodePointStandIn.view(of: text) else {
      return try unsafe run(0, TextPiece(text: text, view: text))
    }
    try unsafe withBytes(view) { (encoder: inout PieceEncoder, view) throws(TokenizerError) in
      try unsafe encoder.run(0, TextPiece(text: text, view: view))
    }
  }

  private mutating func withBytes(
    _ bytes: [UInt8],
    _ body: (inout PieceEncoder, UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Void
  ) throws(TokenizerError) {
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(TokenizerError) in
      try unsafe body(&self, buffer)
    }
  }

  private mutating func run(_ step: Int, _ piece: TextPiece) throws(TokenizerError) {
    if unsafe piece.text.isEmpty { return }
    guard step < steps.count else { return unsafe model.encode(piece.text, to: &ids) }
    switch steps[step] {
    case .split(_, let behavior, let inverted):
      try unsafe split(step, piece, SplitJoiner(behavior), inverted: inverted)
    case .digits(let individual):
      try unsafe splitDigits(step, piece, SplitJoiner(individual ? .isolated : .contiguous))
    case .prefixSpace:
      if unsafe piece.text.first == UInt8(ascii: " ") { return try unsafe run(step + 1, piece) }
      let space = [UInt8(ascii: " ")]
      let view = unsafe space + piece.view
      try unsafe withBytes(space + piece.text) {
        (encoder: inout PieceEncoder, text) throws(TokenizerError) in
        try unsafe encoder.withBytes(view) {
          (encoder: inout PieceEncoder, view) throws(TokenizerError) in
          try unsafe encoder.run(step + 1, TextPiece(text: text, view: view))
        }
      }
    }
  }

  @inline(__always)
  private mutating func pass(
    _ part: (start: Int, end: Int)?, of piece: TextPiece, to step: Int
  ) throws(TokenizerError) {
    guard let part, part.start < part.end else { return }
    try unsafe run(step, piece.slice(part.start, part.end))
  }

  private mutating func split(
    _ step: Int, _ piece: TextPiece, _ joiner: consuming SplitJoiner, inverted: Bool
  ) throws(TokenizerError) {
    guard let matcher = matchers[step] else { return }
    var joiner = joiner
    var position = 0  // where the next search begins
    var done = 0  // up to here the text is in parts
    var hasMatched = false
    while unsafe position <= piece.view.count,
      let match = try unsafe matcher.first(in: piece.view, from: position)
    {
      if match.start == match.end, hasMatched, match.end == done {
        // An empty match where the last one ended is none: search on behind the next scalar.
        unsafe position += scalarLength(piece.view, position)
        continue
      }
      let start = max(match.start, done)
      if start > done {
        try unsafe pass(joiner.take(done, start, isMatch: inverted), of: piece, to: step + 1)
      }
      try unsafe pass(joiner.take(start, match.end, isMatch: !inverted), of: piece, to: step + 1)
      done = max(match.end, done)
      position = done
      hasMatched = true
    }
    if unsafe done < piece.view.count {
      try unsafe pass(
        joiner.take(done, piece.view.count, isMatch: inverted), of: piece, to: step + 1)
    }
    try unsafe pass(joiner.finish(), of: piece, to: step + 1)
  }

  private func scalarLength(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
    unsafe index < text.count ? max(1, (~text[index]).leadingZeroBitCount) : 1
  }

  private mutating func splitDigits(
    _ step: Int, _ piece: TextPiece, _ joiner: consuming SplitJoiner
  ) throws(TokenizerError) {
    var joiner = joiner
    var done = 0
    var index = 0
    while unsafe index < piece.text.count {
      let length = unsafe scalarLength(piece.text, index)
      if unsafe isNumeric(piece.text, index, length) {
        if done < index {
          try unsafe pass(joiner.take(done, index, isMatch: false), of: piece, to: step + 1)
        }
        try unsafe pass(joiner.take(index, index + length, isMatch: true), of: piece, to: step + 1)
        done = index + length
      }
      index += length
    }
    if done < index {
      try unsafe pass(joiner.take(done, index, isMatch: false), of: piece, to: step + 1)
    }
    try unsafe pass(joiner.finish(), of: piece, to: step + 1)
  }

  private func isNumeric(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int) -> Bool {
    if length == 1 { return unsafe (0x30...0x39).contains(text[index]) }
    guard let scalar = unsafe UTF8Scan.scalar(text, at: index) else { return false }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }
}
