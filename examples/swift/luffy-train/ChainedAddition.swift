/// Sums of several numbers, worked out one addition at a time: `7+8+5=` → `7+8=15;15+5=20;\boxed{20}`.
///
/// The warm-up teaches single additions over the whole range of intermediate sums, so that a base model can do
/// every step but stops after the first: its reward on chains starts near zero, and what the traces have to
/// teach is the composition.
struct ChainedAddition: TrainingTask {
  var seed: UInt64
  var terms = 3...4
  var largest = 20

  var name: String { "chained-addition" }

  func training(_ index: Int) -> TaskProblem { problem(index, stream: 1, heldOut: false) }

  func heldOut(_ count: Int) -> [TaskProblem] {
    (0..<count).map { problem($0, stream: 2, heldOut: true) }
  }

  func warmup(_ index: Int) -> TaskProblem? {
    var random = SplitMix(seed &+ 3, index)
    let first = Int.random(in: 1...largest * (terms.upperBound - 1), using: &random)
    return Self.problem([first, Int.random(in: 1...largest, using: &random)])
  }

  /// Draws chains until one falls on the wanted side of the split.
  private func problem(_ index: Int, stream: UInt64, heldOut: Bool) -> TaskProblem {
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

  private static func problem(_ numbers: [Int]) -> TaskProblem {
    var sum = numbers[0]
    var steps = ""
    for number in numbers.dropFirst() {
      steps += "\(sum)+\(number)=\(sum + number);"
      sum += number
    }
    return TaskProblem(
      prompt: numbers.map(String.init).joined(separator: "+") + "=", answer: "\(sum)",
      trace: steps + "\\boxed{\(sum)}")
  }
}
