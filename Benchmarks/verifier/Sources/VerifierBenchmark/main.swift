import Foundation
import LuffyVerifier

/// Judges every row of a JSON-lines file of {gold, pred} again and again for some seconds and
/// prints one JSON object: rows, verifications a second on one core, percentiles in milliseconds.
struct Row: Decodable {
  let gold: String
  let pred: String
  let kind: String?
}

guard CommandLine.arguments.count == 3, let seconds = Double(CommandLine.arguments[2]) else {
  print("usage: VerifierBenchmark corpus.jsonl seconds")
  exit(2)
}
let text = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
let rows = try text.split(separator: "\n").map {
  try JSONDecoder().decode(Row.self, from: Data($0.utf8))
}.filter { $0.kind != "adversarial" }

let verifier = MathVerifier()
let clock = ContinuousClock()
var times: [Double] = []
var right = 0
let start = clock.now
repeat {
  for row in rows {
    let before = clock.now
    if verifier.verify(reference: row.gold, response: row.pred).isCorrect { right += 1 }
    times.append((clock.now - before) / .milliseconds(1))
  }
} while (clock.now - start) / .seconds(1) < seconds
let total = (clock.now - start) / .seconds(1)
times.sort()
let p50 = times[times.count / 2]
let p99 = times[times.count * 99 / 100]
print(
  """
  {"rows": \(rows.count), "per_second": \(Double(times.count) / total), "p50_ms": \(p50), \
  "p99_ms": \(p99), "max_ms": \(times[times.count - 1]), "right": \(right)}
  """)
