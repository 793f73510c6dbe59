import LuffyJSON
import LuffyOptions
import LuffyRollout
import LuffyVerifier

/// Judged problems of an evaluation whose responses somebody else writes, added one problem after the other.
package final class EvaluationBook {
  private let judging: Judging
  package private(set) var problems: [EvaluatedProblem] = []

  package init(_ judging: Judging) { self.judging = judging }

  package var evaluation: Evaluation { Evaluation(problems: problems) }

  package func add(_ problem: EvaluatedProblem) { problems.append(problem) }

  /// Adds a problem with its responses: {"problem", "answer", "id", "prompt", "responses": [{"text", "finish_reason",
  /// "tokens"}]}. Responses that have a "verdict", and "extracted", were judged by the caller; then answers are one in a vote
  /// where their texts are equal.
  package func add(json text: String) throws {
    let root: JSONNode
    do throws(JSONError) { root = try JSONDocument(parsing: text).root } catch {
      throw ConfigurationError("problem: not JSON: \(error.reason), at byte \(error.byte)")
    }
    func needed(_ key: String) throws -> String {
      guard let text = root[key]?.string else {
        throw ConfigurationError("problem: \"\(key)\": expected a text")
      }
      return text
    }
    let problem = BenchmarkProblem(
      id: root["id"]?.string, problem: try needed("problem"), answer: try needed("answer"))
    let verifier = judging.verifier(of: problem)
    var isJudged = false
    let responses = try (root["responses"]?.elements ?? []).enumerated().map { index, node in
      let place = "responses[\(index)]"
      guard let text = node["text"]?.string else {
        throw ConfigurationError("\(place): \"text\": expected a text")
      }
      let finish = node["finish_reason"]?.string ?? FinishReason.stop.rawValue
      guard let reason = FinishReason(rawValue: finish) else {
        throw ConfigurationError("\(place): finish_reason: \"\(finish)\" is unknown")
      }
      var verdict = Verdict(status: .unparsed, extracted: nil)
      if let name = node["verdict"]?.string {
        guard let status = VerdictStatus.allCases.first(where: { "\($0)" == name }) else {
          throw ConfigurationError("\(place): verdict: \"\(name)\" is unknown")
        }
        verdict = Verdict(status: status, extracted: node["extracted"]?.string)
        isJudged = true
      } else {
        verdict = verifier.verify(
          reference: problem.answer, response: text, problem: problem.problem)
      }
      return EvaluatedResponse(
        text: text, extracted: verdict.extracted, status: verdict.status, finishReason: reason,
        tokens: node["tokens"]?.int ?? 0)
    }
    problems.append(
      EvaluatedProblem(
        index: problems.count, id: problem.id, prompt: root["prompt"]?.string ?? problem.problem,
        reference: problem.answer, responses: responses, verifier: isJudged ? nil : verifier))
  }
}
