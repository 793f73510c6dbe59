import CLuffy
import LuffyKernels
import LuffyVerifier

extension VerdictStatus {
  fileprivate var number: Int32 {
    switch self {
    case .right: Int32(LUFFY_VERDICT_RIGHT)
    case .wrong: Int32(LUFFY_VERDICT_WRONG)
    case .unparsed: Int32(LUFFY_VERDICT_UNPARSED)
    }
  }
}

extension luffy_verdict: VersionedStruct {
  static let typeName = "luffy_verdict"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), status: Int32(LUFFY_VERDICT_UNPARSED), has_extracted: 0,
      reserved: 0, extracted_length: 0)
  }
}

/// A response as text, without what the verifier would not read anyway: a long one is not decoded whole.
private func responseText(_ bytes: UnsafeBufferPointer<UInt8>, _ verifier: MathVerifier) -> String {
  let section = verifier.options.section
  guard section.thinking == .ignore else { return String(decoding: bytes, as: UTF8.self) }
  // A few bytes more, since the cut may fall inside a character.
  let kept = max(1, section.lastBytes).addingReportingOverflow(16)
  return String(
    decoding: kept.overflow ? bytes[...] : bytes.suffix(kept.partialValue), as: UTF8.self)
}

/// Bytes that the verifier reads of a pair.
private func needed(
  _ verifier: MathVerifier, _ reference: UnsafeBufferPointer<UInt8>,
  _ response: UnsafeBufferPointer<UInt8>
) -> Int {
  let section = verifier.options.section
  let read =
    section.thinking == .ignore
    ? min(response.count, max(1, section.lastBytes)) : response.count
  return reference.count + read
}

@_cdecl("luffy_verify") @implementation
public func luffy_verify(
  _ reference: UnsafePointer<CChar>?, _ reference_length: Int,
  _ response: UnsafePointer<CChar>?, _ response_length: Int,
  _ options: UnsafePointer<luffy_verify_options>?,
  _ verdict: UnsafeMutablePointer<luffy_verdict>?, _ extracted: UnsafeMutablePointer<CChar>?,
  _ capacity: Int
) -> luffy_status {
  call {
    let settings = try luffy_verify_options.read(options)
    let verifier = try settings.verifier()
    let reference = try bytes(reference, reference_length, "reference")
    let response = try bytes(response, response_length, "response")
    try Memory.expect(needed(verifier, reference, response), times: 32)
    let judged = verifier.verify(
      reference: String(decoding: reference, as: UTF8.self),
      response: responseText(response, verifier), problem: try settings.question())
    let found = Array((judged.extracted ?? "").utf8)
    var result = luffy_verdict.initial
    result.status = judged.status.number
    result.has_extracted = judged.extracted == nil ? 0 : 1
    result.extracted_length = UInt64(found.count)
    try result.write(verdict, "verdict")
    if let extracted { try give(text: found, extracted, capacity, nil) }
  }
}

@_cdecl("luffy_verify_batch") @implementation
public func luffy_verify_batch(
  _ references: UnsafePointer<UnsafePointer<CChar>?>?, _ reference_lengths: UnsafePointer<Int>?,
  _ responses: UnsafePointer<UnsafePointer<CChar>?>?, _ response_lengths: UnsafePointer<Int>?,
  _ count: Int, _ options: UnsafePointer<luffy_verify_options>?,
  _ statuses: UnsafeMutablePointer<Int32>?
) -> luffy_status {
  call {
    let settings = try luffy_verify_options.read(options)
    let verifier = try settings.verifier()
    let question = try settings.question()
    let gold = try texts(references, reference_lengths, count, "references")
    let answers = try texts(responses, response_lengths, count, "responses")
    if count == 0 { return }
    // Of pairs that are judged at once; a short one takes what a page of text takes.
    let largest = zip(gold, answers).map { needed(verifier, $0, $1) }.max() ?? 0
    let (all, overflow) = largest.multipliedReportingOverflow(by: Threads.pool.threads)
    try Memory.expect(overflow ? Int.max : all, times: 32)
    nonisolated(unsafe) let out = try require(statuses, "statuses")
    Threads.pool.parallelFor(count) { index in
      let verdict = verifier.verify(
        reference: String(decoding: gold[index], as: UTF8.self),
        response: responseText(answers[index], verifier), problem: question)
      out[index] = verdict.status.number
    }
  }
}

@_cdecl("luffy_overlength_penalty") @implementation
public func luffy_overlength_penalty(
  _ length: UInt64, _ maximum_length: UInt64, _ buffer: UInt64, _ weight: Double,
  _ penalty: UnsafeMutablePointer<Double>?
) -> luffy_status {
  call {
    let out = try require(penalty, "penalty")
    if !(weight >= 0 && weight.isFinite) {
      throw CallError.invalid("weight is \(weight), expected 0 or a positive number")
    }
    let rule = OverlengthPenalty(
      maximumLength: Int(clamping: maximum_length), buffer: Int(clamping: buffer), weight: weight)
    out.pointee = rule(length: Int(clamping: length))
  }
}

private func texts(
  _ pointers: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int>?, _ count: Int,
  _ name: String
) throws(CallError) -> [UnsafeBufferPointer<UInt8>] {
  var texts: [UnsafeBufferPointer<UInt8>] = []
  for (index, pointer) in try array(pointers, count, name).enumerated() {
    texts.append(try bytes(pointer, lengths?[index] ?? -1, "\(name)[\(index)]"))
  }
  return texts
}
