public import LuffyTokenizer
public import LuffyVerifier

/// One worked solution of a teacher.
public struct TeacherTrace: Sendable, Hashable {
  public var text: String
  public var teacher: String
  /// With the token that ends a response; 0 until it is counted.
  public var tokens: Int

  public init(text: String, teacher: String, tokens: Int = 0) {
    self.text = text
    self.teacher = teacher
    self.tokens = tokens
  }
}

/// A question and the traces that were kept of it, in the order that they came.
public struct PreparedProblem: Sendable, Hashable {
  public let id: String?
  public let problem: String
  public let answer: String
  public let promptTokens: Int
  public internal(set) var traces: [TeacherTrace]
}

/// Makes training data of what teachers wrote, as the paper did (arXiv 2504.14945, §4): traces that the verifier finds
/// right and that are short enough; prompts that are short enough.
///
/// Records of one problem are put together, so that a prompt may have several traces of several teachers.
public struct TracePreparation {
  /// Why a trace is left out. The first that applies counts, in this order.
  public enum Reason: String, Sendable, CaseIterable {
    case empty
    /// The prompt has too many tokens.
    case longPrompt = "long prompt"
    /// The same problem came before with another answer.
    case answerConflict = "answer conflict"
    case duplicate
    /// The trace has too many tokens.
    case overLong = "over-long"
    /// No answer was found.
    case unparsed
    /// Another answer than the reference.
    case wrong
    /// The problem has all the traces that it may have.
    case surplus
  }

  /// What became of one teacher's traces.
  public struct Count: Sendable, Hashable {
    public internal(set) var read = 0
    public internal(set) var kept = 0
    public internal(set) var keptTokens = 0
    public internal(set) var longest = 0
    public internal(set) var dropped: [Reason: Int] = [:]
  }

  public let tokenizer: Tokenizer
  public let verifier: MathVerifier
  public let template: PromptTemplate
  public let system: String?
  public let maximumTraceTokens: Int
  public let maximumPromptTokens: Int
  /// Nil: no bound.
  public let tracesPerProblem: Int?

  /// By teacher.
  public private(set) var counts: [String: Count] = [:]
  private var found: [PreparedProblem] = []
  private var places: [String: Int] = [:]

  public init(
    tokenizer: Tokenizer, verifier: MathVerifier = MathVerifier(options: .rewards),
    template: PromptTemplate,
    system: String? = nil, maximumTraceTokens: Int = 8192, maximumPromptTokens: Int = 1024,
    tracesPerProblem: Int? = nil
  ) {
    self.tokenizer = tokenizer
    self.verifier = verifier
    self.template = template
    self.system = system
    self.maximumTraceTokens = maximumTraceTokens
    self.maximumPromptTokens = maximumPromptTokens
    self.tracesPerProblem = tracesPerProblem
  }

  /// Problems with at least one trace, in the order that they came.
  public var problems: [PreparedProblem] { found.filter { !$0.traces.isEmpty } }

  /// Problems that were read, kept or not.
  public var problemsRead: Int { found.count }

  /// Judges the traces of one record.
  public mutating func add(
    id: String? = nil, problem: String, answer: String, traces: [TeacherTrace]
  ) throws {
    let place = try place(id, problem, answer)
    for trace in traces {
      var trace = trace
      let reason = try reason(against: &trace, found[place], answer)
      var count = counts[trace.teacher, default: Count()]
      count.read += 1
      if let reason {
        count.dropped[reason, default: 0] += 1
      } else {
        count.kept += 1
        count.keptTokens += trace.tokens
        count.longest = max(count.longest, trace.tokens)
        found[place].traces.append(trace)
      }
      counts[trace.teacher] = count
    }
  }

  private mutating func place(_ id: String?, _ problem: String, _ answer: String) throws -> Int {
    if let place = places[problem] { return place }
    let prompt = try tokenizer.encode(template.render(system: system, user: problem))
    found.append(
      PreparedProblem(
        id: id, problem: problem, answer: answer, promptTokens: prompt.count, traces: []))
    places[problem] = found.count - 1
    return found.count - 1
  }

  /// Why a trace is not kept; nil where it is. Counts its tokens.
  private func reason(
    against trace: inout TeacherTrace, _ problem: PreparedProblem, _ answer: String
  ) throws -> Reason? {
    if trace.text.allSatisfy(\.isWhitespace) { return .empty }
    if problem.promptTokens > maximumPromptTokens { return .longPrompt }
    if !verifier.isEquivalent(problem.answer, answer) { return .answerConflict }
    if problem.traces.contains(where: { $0.text == trace.text }) { return .duplicate }
    let ids = try tokenizer.encode(template.continuation(of: trace.text))
    trace.tokens = ids.count + (tokenizer.eosID == nil ? 0 : 1)
    if trace.tokens > maximumTraceTokens { return .overLong }
    switch verifier.verify(
      reference: problem.answer, response: trace.text, problem: problem.problem
    ).status {
    case .right: break
    case .wrong: return .wrong
    case .unparsed: return .unparsed
    }
    if let tracesPerProblem, problem.traces.count >= tracesPerProblem { return .surplus }
    return nil
  }
}
