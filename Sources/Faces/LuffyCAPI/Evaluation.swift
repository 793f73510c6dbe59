import CLuffy
import LuffyEvaluation
import LuffyJSON
import LuffyOptions
import LuffySampler
import LuffyTrainer
import LuffyVerifier

final class EvaluationHandle: Handle {
  static let tag: UInt64 = 0x6c75_6666_7965_7661
  static let name = "luffy_evaluation"

  private let book: EvaluationBook
  private var lent: [Int: CText] = [:]
  private let access = Access("evaluation")

  init(_ book: EvaluationBook) { self.book = book }

  func use<R>(_ body: (EvaluationBook) throws -> R) throws -> R {
    try access.exclusive { try body(book) }
  }

  /// A problem's record, for as long as the handle lives.
  func record(_ index: Int) throws -> UnsafePointer<CChar> {
    try use { book in
      guard book.problems.indices.contains(index) else {
        throw CallError.invalid(
          "index is \(UInt(bitPattern: index)), there are \(book.problems.count) problems")
      }
      let text = lent[index] ?? CText(book.problems[index].countedJSON)
      lent[index] = text
      return text.pointer
    }
  }
}

/// The members of a JSON object of options; nothing for NULL.
private func members(
  _ options: UnsafePointer<CChar>?
) throws -> [ConfigurationValue.Member] {
  guard options != nil else { return [] }
  let value = try ConfigurationValue(json: try text(options, "options"), in: "options: ")
  guard case .map(let members) = value else {
    throw CallError.invalid("options: expected an object of keys, found \(value.description)")
  }
  return members
}

@_cdecl("luffy_evaluation_create") @implementation
public func luffy_evaluation_create(
  _ options: UnsafePointer<CChar>?, _ evaluation: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(evaluation, "evaluation")
    let settings = try EvaluationSettings(try members(options))
    out.pointee = EvaluationHandle(EvaluationBook(try settings.judging)).makeHandle()
  }
}

@_cdecl("luffy_evaluation_destroy") @implementation
public func luffy_evaluation_destroy(_ evaluation: OpaquePointer?) {
  EvaluationHandle.destroy(evaluation)
}

@_cdecl("luffy_evaluation_add") @implementation
public func luffy_evaluation_add(
  _ evaluation: OpaquePointer?, _ problem: UnsafePointer<CChar>?
) -> luffy_status {
  call {
    let handle = try EvaluationHandle.require(evaluation)
    let problem = try text(problem, "problem")
    try Memory.expect(problem.utf8.count, times: 16)
    try handle.use { try $0.add(json: problem) }
  }
}

@_cdecl("luffy_evaluate") @implementation
public func luffy_evaluate(
  _ model: OpaquePointer?, _ tokenizer: OpaquePointer?, _ options: UnsafePointer<CChar>?,
  _ evaluation: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let tokenizer = try TokenizerHandle.require(tokenizer).tokenizer
    let out = try require(evaluation, "evaluation")
    let settings = try EvaluationSettings(try members(options))
    guard let data = settings.data else {
      throw CallError.invalid("options: data: expected the path of a JSON Lines file of problems")
    }
    let all = try BenchmarkProblem.file(data)
    let problems = try settings.prepared(all, tokenizer)
    let sampling = settings.sampling(problems, of: all.count, handle.model)
    let book = EvaluationBook(try settings.judging)
    let isCancelled = handle.cancellation.watch()
    _ = try handle.access.shared {
      try Evaluator(
        model: handle.model, tokenizer: tokenizer, sampling: sampling,
        problemsAtOnce: settings.atOnce(samples: sampling.count)
      ).evaluate(problems, isCancelled: isCancelled, onProblem: book.add)
    }
    out.pointee = EvaluationHandle(book).makeHandle()
  }
}

@_cdecl("luffy_evaluation_count") @implementation
public func luffy_evaluation_count(_ evaluation: OpaquePointer?) -> Int {
  guard let handle = EvaluationHandle.find(evaluation) else { return 0 }
  return (try? handle.use { $0.problems.count }) ?? 0
}

@_cdecl("luffy_evaluation_problem") @implementation
public func luffy_evaluation_problem(
  _ evaluation: OpaquePointer?, _ index: Int, _ json: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> luffy_status {
  call {
    let handle = try EvaluationHandle.require(evaluation)
    try require(json, "json").pointee = try handle.record(index)
  }
}

@_cdecl("luffy_evaluation_estimate") @implementation
public func luffy_evaluation_estimate(
  _ evaluation: OpaquePointer?, _ measure: UnsafePointer<CChar>?, _ k: Int,
  _ estimate: UnsafeMutablePointer<Double>?
) -> luffy_status {
  call {
    let handle = try EvaluationHandle.require(evaluation)
    let measure = try text(measure, "measure")
    let out = try require(estimate, "estimate")
    let found: Estimate? = try handle.use { book in
      switch measure {
      case "avg": return book.evaluation.accuracy
      case "pass": return book.evaluation.passEstimate(at: k)
      case "maj": return book.evaluation.majority(at: k)
      default:
        throw CallError.invalid("measure is \"\(measure)\", expected \"avg\", \"pass\" or \"maj\"")
      }
    }
    guard let found else {
      throw CallError.invalid("k is \(k), expected 1 to the number of every problem's responses")
    }
    give(found, out)
  }
}

@_cdecl("luffy_estimate") @implementation
public func luffy_estimate(
  _ values: UnsafePointer<Double>?, _ count: Int, _ estimate: UnsafeMutablePointer<Double>?
) -> luffy_status {
  call {
    let out = try require(estimate, "estimate")
    give(Estimate(Array(try array(values, count, "values"))), out)
  }
}

private func give(_ estimate: Estimate, _ out: UnsafeMutablePointer<Double>) {
  (out[0], out[1], out[2]) = (estimate.mean, estimate.low, estimate.high)
}

@_cdecl("luffy_listed_options") @implementation
public func luffy_listed_options(
  _ question: UnsafePointer<CChar>?, _ json: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let listed = ChoiceOptions(question: try text(question, "question"))
    let writer = JSONWriter()
    writer.object {
      writer.key("labels")
      writer.array { for label in listed?.labels ?? [] { writer.write(label) } }
      writer.key("texts")
      writer.array { for text in listed?.texts ?? [] { writer.write(text) } }
    }
    try give(text: Array(writer.text.utf8), json, capacity, length)
  }
}
