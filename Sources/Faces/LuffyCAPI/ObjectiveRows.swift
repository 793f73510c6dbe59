import CLuffy
import LuffyObjective
import LuffyRollout
import LuffyTrainer

extension luffy_row: VersionedStruct {
  static let typeName = "luffy_row"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), source: Int32(LUFFY_SOURCE_ON_POLICY), group: 0, reward: .nan,
      length: 0, logprobs: nil, old_logprobs: nil, behavior_logprobs: nil, reference_logprobs: nil,
      entropies: nil, response_mask: nil, off_mask: nil)
  }

  func row(_ place: String) throws(CallError) -> (ObjectiveRow, TokenScores) {
    func numbers(
      _ pointer: UnsafePointer<Double>?, _ name: String
    ) throws(CallError) -> [Double]? {
      try optionalArray(pointer, length, "\(place): \(name)").map { Array($0) }
    }
    func flags(_ pointer: UnsafePointer<UInt8>?, _ name: String) throws(CallError) -> [Bool]? {
      guard let bytes = try optionalArray(pointer, length, "\(place): \(name)") else { return nil }
      if let bad = bytes.firstIndex(where: { $0 > 1 }) {
        throw CallError.invalid("\(place): \(name)[\(bad)] is \(bytes[bad]), expected 0 or 1")
      }
      return bytes.map { $0 == 1 }
    }
    guard let count = Int(exactly: length), let group = Int(exactly: group) else {
      throw CallError.invalid("\(place): length is \(length)")
    }
    let row = ObjectiveRow(
      group: group, reward: reward, source: try Source(number: source, place), tokenCount: count,
      responseMask: try flags(response_mask, "response_mask").map { ResponseMask($0) },
      offMask: try flags(off_mask, "off_mask"),
      oldLogprobs: try numbers(old_logprobs, "old_logprobs"),
      behaviorLogprobs: try numbers(behavior_logprobs, "behavior_logprobs"),
      referenceLogprobs: try numbers(reference_logprobs, "reference_logprobs"))
    let scores = TokenScores(
      logprobs: Array(try array(logprobs, length, "\(place): logprobs")),
      entropies: try numbers(entropies, "entropies"))
    return (row, scores)
  }
}

@_cdecl("luffy_objective_evaluate") @implementation
public func luffy_objective_evaluate(
  _ objective: OpaquePointer?, _ rows: UnsafePointer<luffy_row>?, _ count: Int, _ step: UInt64,
  _ loss: UnsafeMutablePointer<Double>?, _ dlogprobs: UnsafeMutablePointer<Double>?,
  _ dentropies: UnsafeMutablePointer<Double>?, _ advantages: UnsafeMutablePointer<Double>?,
  _ metrics: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try ObjectiveHandle.require(objective)
    var inputs: [ObjectiveRow] = []
    var scores: [TokenScores] = []
    let given = try luffy_row.readArray(rows, count: count, "rows")
    try Memory.expect(
      given.reduce(0) { $0 &+ min(Int(clamping: $1.length), 1 << 40) }, times: 160)
    for (index, row) in given.enumerated() {
      let (input, score) = try row.row("row \(index)")
      inputs.append(input)
      scores.append(score)
    }
    let named = try handle.access.shared { handle.named }
    let result = try named.makeObjective().evaluate(
      inputs, scores: scores, step: Int(clamping: step))
    loss?.pointee = result.loss
    write(result.dLogprobs, dlogprobs)
    write(result.dEntropies, dentropies)
    write([result.advantages], advantages)
    metrics?.pointee = MetricsHandle(result.metrics.present).makeHandle()
  }
}

/// Rows one after another, where somebody wants them.
private func write(_ rows: [[Double]], _ target: UnsafeMutablePointer<Double>?) {
  guard var next = target else { return }
  for value in rows.joined() {
    next.pointee = value
    next += 1
  }
}
