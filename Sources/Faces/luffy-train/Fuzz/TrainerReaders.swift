import Foundation
import LuffyEvaluation
import LuffyOptions
import LuffyRun
import LuffyTokenizer
import LuffyVerifier

// What luffy-train reads of a user's files, for the fuzz targets in C: `scripts/fuzz` compiles the trainer's sources and this
// file as a library. A property that does not hold is a trap, which the fuzzer reports.

/// A run's configuration as YAML: read, checked, and written as a checkpoint carries it, which must read back the same.
@_cdecl("luffy_fuzz_run_configuration")
public func fuzzRunConfiguration(_ path: UnsafePointer<CChar>) {
  attempt {
    var configuration = RunConfiguration()
    try ConfigurationFile.read(String(cString: path), into: &configuration)
    try configuration.validate()
    let text = try configuration.savedText()
    var again = RunConfiguration()
    do {
      try again.set(try ConfigurationValue(json: text, in: ""), in: "")
      let difference = try again.savedText() == text ? nil : try again.savedText()
      if let difference { fatalError("written as\n\(text)\nand read back as\n\(difference)") }
    } catch { fatalError("what was written is not read back: \(error)\n\(text)") }
  }
}

/// Lines of JSON as each command reads them: problems with traces, benchmarks, metrics, samples.
@_cdecl("luffy_fuzz_json_lines")
public func fuzzJSONLines(_ path: UnsafePointer<CChar>) {
  let path = String(cString: path)
  guard let template = PromptTemplate(name: "chatml") else { fatalError("no template") }
  attempt {
    let file = try ProblemFile(
      path: path, heldOut: path,
      reading: .init(template: template, system: nil, form: .anchored), seed: 1)
    _ = file.training(0)
  }
  for answers in AnswerKind.allCases {
    attempt { _ = try BenchmarkProblem.file(path).map { $0.choices(answers) } }
  }
  attempt { _ = try SampledRow.all(path) }
  attempt { _ = try Measurement.all(path) }
  attempt { _ = try ArmTiming.all(path) }
}

/// Errors are in the trainer's words: one line, and none of Foundation's types.
private func attempt(_ body: () throws -> Void) {
  do { try body() } catch {
    let text = "\(error)"
    if text.isEmpty || error is DecodingError || (error as NSError).domain == NSCocoaErrorDomain {
      fatalError("an error that no user understands: \(text)")
    }
  }
}
