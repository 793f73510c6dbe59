import LuffyVerifier

/// Sums of several numbers, rewritten one addition at a time: `7+8+5=` → `15+5=20;\boxed{20}`.
///
/// The warm-up teaches one rewriting at a time, at every place of a chain (`7+8+5=` → `15+5`, and stop;
/// `7+8+5=15+5=` → `20;\boxed{20}`). A base model can then do every step but stops after the first: its reward on
/// chains starts at zero, and what the traces have to teach is the composition, above all the one token that goes
/// on instead of stopping. `wholeShare` lets the base model go on now and then.
package struct ChainedAddition: TrainingTask {
  package var seed: UInt64
  package var terms = 3...5
  /// Of the chains that the warm-up takes its rewritings from; nil: as `terms`.
  package var warmupTerms: ClosedRange<Int>?
  package var largest = 9
  /// Of the warm-up's problems, the share that shows a chain to its end; 0: a base model all but never goes on by itself.
  package var wholeShare = 0.0
  /// Enough for the traces to raise at once; of two hundred problems a base model solves one or two.
  package static let usualWholeShare = 0.02

  package init(seed: UInt64) { self.seed = seed }

  package var name: String { "chained-addition" }

  /// Only a boxed integer counts: an unfinished rewriting such as `15+5` has the right value, too.
  package var verifier: MathVerifier {
    MathVerifier(
      options: VerifierOptions(grader: .integer, extraction: ExtractionOptions(boxed: .only)))
  }

  package func training(_ index: Int) -> TaskProblem {
    problem(index, stream: 1, terms: terms, heldOut: false)
  }

  package func heldOut(_ count: Int) -> [TaskProblem] { heldOut(count, terms: terms) }

  /// The same with chains of other lengths.
  package func heldOut(_ count: Int, terms: ClosedRange<Int>) -> [TaskProblem] {
    (0..<count).map { problem($0, stream: 2, terms: terms, heldOut: true) }
  }

  package func warmup(_ index: Int) -> TaskProblem? {
    var random = SplitMix(seed &+ 3, index)
    var problem = problem(index, stream: 4, terms: warmupTerms ?? terms, heldOut: false)
    let steps = problem.traces[0].split(separator: "=")
    let place = Int.random(in: 0..<steps.count, using: &random)
    problem.prompt += steps[..<place].map { $0 + "=" }.joined()
    let isWhole = Double.random(in: 0..<1, using: &random) < wholeShare
    problem.traces = isWhole ? [steps[place...].joined(separator: "=")] : [String(steps[place])]
    return problem
  }

  /// Draws chains until one falls on the wanted side of the split.
  private func problem(
    _ index: Int, stream: UInt64, terms: ClosedRange<Int>, heldOut: Bool
  ) -> TaskProblem {
    var random = SplitMix(seed &+ stream, index)
    while true {
      let count = Int.random(in: terms, using: &random)
      let numbers = (0..<count).map { _ in Int.random(in: 1...largest, using: &random) }
      if Self.isHeldOut(numbers) == heldOut { return Self.problem(numbers) }
    }
  }

  /// One chain in eight, by its numbers alone, whatever the seed.
  private static func isHeldOut(_ numbers: [Int]) -> Bool {
    var random = SplitMix(numbers.reduce(17) { $0 &* 31 &+ UInt64($1) }, 0)
    return random.next() % 8 == 0
  }

  private static func text(_ numbers: some Sequence<Int>) -> String {
    numbers.map(String.init).joined(separator: "+")
  }

  private static func problem(_ numbers: [Int]) -> TaskProblem {
    var rest = numbers
    var steps: [String] = []
    while rest.count > 1 {
      rest = [rest[0] + rest[1]] + rest.dropFirst(2)
      steps.append(text(rest))
    }
    return TaskProblem(
      prompt: text(numbers) + "=", answer: "\(rest[0])",
      traces: [steps.joined(separator: "=") + ";\\boxed{\(rest[0])}"])
  }
}
