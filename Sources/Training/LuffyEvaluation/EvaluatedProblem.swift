import LuffyJSON
import LuffyRollout
import LuffyVerifier

/// One response to a problem and what the verifier made of it.
public struct EvaluatedResponse: Sendable, Hashable {
  public let text: String
  /// The answer that was found in it.
  public let extracted: String?
  public let status: VerdictStatus
  public let finishReason: FinishReason
  public let tokens: Int

  public init(
    text: String, extracted: String?, status: VerdictStatus, finishReason: FinishReason, tokens: Int
  ) {
    self.text = text
    self.extracted = extracted
    self.status = status
    self.finishReason = finishReason
    self.tokens = tokens
  }

  public var isCorrect: Bool { status == .right }
}

/// The answer that most of the responses gave.
public struct MajorityVote: Sendable, Hashable {
  public let answer: String
  public let votes: Int
  /// The verdict on the first response that gave it.
  public let isCorrect: Bool
}

/// All responses to one problem.
public struct EvaluatedProblem: Sendable, Hashable {
  public let index: Int
  public let id: String?
  public let prompt: String
  public let reference: String
  public let responses: [EvaluatedResponse]
  /// For each response the first one with an equivalent answer; nil where no answer was found.
  public let answerClasses: [Int?]

  /// - Parameter verifier: what says which answers are one in a vote; nil: those whose texts are equal.
  public init(
    index: Int, id: String? = nil, prompt: String, reference: String,
    responses: [EvaluatedResponse], verifier: MathVerifier?
  ) {
    self.index = index
    self.id = id
    self.prompt = prompt
    self.reference = reference
    self.responses = responses
    let answers = responses.map(\.extracted)
    answerClasses =
      verifier?.equivalenceClasses(answers)
      ?? answers.map { answer in answer.flatMap { answers.firstIndex(of: $0) } }
  }

  public var samples: Int { responses.count }
  public var right: Int { responses.count(where: \.isCorrect) }
  public var accuracy: Double { Double(right) / Double(max(1, samples)) }
  /// The first response.
  public var response: String { responses.first?.text ?? "" }
  public var meanLength: Double {
    Double(responses.reduce(0) { $0 + $1.tokens }) / Double(max(1, samples))
  }

  /// The unbiased estimate of pass@k (Chen et al. 2021, arXiv 2107.03374): 1 − C(n − c, k) / C(n, k).
  ///
  /// Nil with fewer than k responses.
  public func pass(at k: Int) -> Double? {
    guard k >= 1, samples >= k else { return nil }
    let wrong = samples - right
    if wrong < k { return 1 }
    return 1 - (0..<k).reduce(1.0) { $0 * Double(wrong - $1) / Double(samples - $1) }
  }

  /// The vote of the first k responses (Wang et al. 2022, arXiv 2203.11171).
  ///
  /// Responses vote for classes of equivalent answers; those without an answer do not vote; a tie goes to the class
  /// that was seen first. Nil where nobody votes.
  public func vote(of k: Int) -> MajorityVote? {
    var votes: [Int: Int] = [:]
    for case let first? in answerClasses.prefix(max(0, k)) { votes[first, default: 0] += 1 }
    let winner = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }
    guard let winner, let answer = responses[winner.key].extracted else { return nil }
    return MajorityVote(
      answer: answer, votes: winner.value, isCorrect: responses[winner.key].isCorrect)
  }

  /// One JSON object: what docs/evaluation.md describes. `extra` are members that come first.
  public func json(_ extra: [(key: String, value: String)] = []) -> String {
    let writer = JSONWriter()
    writer.object {
      for (key, value) in extra { writer.member(key, value) }
      writeMembers(writer)
    }
    return writer.text
  }

  /// The same with the classes of its answers, and for each k from 1 to the number of responses pass@k and the vote of the
  /// first k.
  package var countedJSON: String {
    let writer = JSONWriter()
    writer.object {
      writeMembers(writer)
      writer.key("answer_classes")
      writer.array {
        for first in answerClasses {
          if let first { writer.write(first) } else { writer.null() }
        }
      }
      writer.key("pass_at")
      writer.array { for k in 1...max(1, samples) { writer.write(pass(at: k) ?? 0) } }
      writer.key("votes")
      writer.array { for k in 1...max(1, samples) { write(vote(of: k), writer) } }
    }
    return writer.text
  }

  private func writeMembers(_ writer: JSONWriter) {
    writer.key("index")
    writer.write(index)
    writer.member("id", id)
    writer.member("prompt", prompt)
    writer.member("reference", reference)
    writer.key("samples")
    writer.write(samples)
    writer.key("right")
    writer.write(right)
    writer.key("majority")
    write(vote(of: samples), writer)
    writer.key("responses")
    writer.array { for response in responses { write(response, writer) } }
  }

  private func write(_ vote: MajorityVote?, _ writer: JSONWriter) {
    guard let vote else { return writer.null() }
    writer.object {
      writer.member("answer", vote.answer)
      writer.key("votes")
      writer.write(vote.votes)
      writer.key("right")
      writer.write(vote.isCorrect)
    }
  }

  private func write(_ response: EvaluatedResponse, _ writer: JSONWriter) {
    writer.object {
      writer.member("text", response.text)
      writer.member("extracted", response.extracted)
      writer.member("verdict", "\(response.status)")
      writer.member("finish_reason", response.finishReason.rawValue)
      writer.key("tokens")
      writer.write(response.tokens)
    }
  }
}

extension JSONWriter {
  /// A text, or null.
  fileprivate func member(_ name: String, _ text: String?) {
    key(name)
    if let text { write(text) } else { null() }
  }
}
