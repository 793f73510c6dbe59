import Foundation
import LuffyJSON
import LuffyTestSupport
import LuffyVerifier
import Testing

/// Every call comes back, soon, on a small stack.
@Suite struct BudgetTests {
  static let hostile: [String] = [
    "\\boxed{10^{10^{10}}}", "\\boxed{9^{9^{9}}}", "\\boxed{1000000!}", "\\boxed{((10!)!)!}",
    "\\boxed{1E999999999}", "\\boxed{1e999999999}", "\\boxed{\\binom{1000000}{500000}}",
    "\\boxed{\\sum_{k=1}^{10^{9}} k}", "\\boxed{x^{x^{x^{x^x}}}}",
    "\\boxed{(a+b+c+d+e+f+g)^{30}}", "\\boxed{\\frac{0}{0}}", "\\boxed{\\sqrt[0]{2}}",
    "\\boxed{\\log_{1}{5}}", "\\boxed{9223372036854775807 + 9223372036854775808}",
    "\\boxed{-9223372036854775808 \\mod -1}", "\\boxed{5 \\mod 0}",
    "\\boxed{\\sum_{k=-9223372036854775807}^{9223372036854775807} k}",
    "\\boxed{" + String(repeating: "{", count: 100_000) + "}",
    String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000),
    "\\boxed{" + String(repeating: "\\sqrt{", count: 3_000) + "4"
      + String(repeating: "}", count: 3_001),
    "$" + String(repeating: "(", count: 90) + "3" + String(repeating: ")", count: 90) + "$",
    "$" + String(repeating: "\\frac{1}{", count: 90) + "3" + String(repeating: "}", count: 90)
      + "$",
    String(repeating: "answer ", count: 20_000), String(repeating: "$", count: 130_000),
    String(repeating: "\\[", count: 60_000) + "\\]", String(repeating: " \\( ", count: 30_000),
    String(repeating: "the final answer is ", count: 6_000), String(repeating: " ", count: 130_000),
    String(repeating: "\\boxed{", count: 18_000), String(repeating: "\\boxed{1} ", count: 13_000),
    String(repeating: "1,000", count: 20_000), String(repeating: "1+", count: 60_000),
    String(repeating: "\\frac{1}{2} ", count: 10_000), String(repeating: "- ", count: 60_000),
    "\\boxed{" + String(repeating: "9", count: 5_000) + "}",
    "\\boxed{\\frac{" + String(repeating: "7", count: 4_000) + "}{"
      + String(repeating: "3", count: 4_000) + "}}",
    "\\boxed{" + String(repeating: "x", count: 3_000) + "}",
    "\\boxed{" + String(repeating: "1,", count: 1_000) + "1}",
    "\\boxed{\\{" + (1...300).map(String.init).joined(separator: ",") + "\\}}",
    "\\boxed{3" + String(repeating: "!", count: 2_000) + "}",
    "$2" + String(repeating: "^2", count: 900) + "$",
    "$1" + String(repeating: "/2", count: 900) + "$",
    "$7" + String(repeating: " \\mod 5", count: 900) + "$",
    "$(0,1)" + String(repeating: " \\cup (2,3)", count: 250) + "$",
    "$" + String(repeating: "x(", count: 45) + "x" + String(repeating: ")", count: 45) + "$",
    "$" + String(repeating: "\\sin(", count: 45) + "x" + String(repeating: ")", count: 45) + "$",
    "$" + String(repeating: "{[", count: 40) + "1,2" + String(repeating: "]}", count: 40) + "$",
    String(repeating: "-(", count: 45) + "1,2" + String(repeating: ")", count: 45),
    "\\boxed{\\sum_{k=1}^{1000} \\frac{1}{k^5+1}}", "\\boxed{\\prod_{k=1}^{999} (k^3+1)}",
    "\\boxed{\\sum_{k=1}^{\\infty}\\sum_{j=1}^{\\infty} \\frac{1}{k^2 j^2}}",
    "\\boxed{\\sqrt[64]{" + String(repeating: "7", count: 1_200) + "}}",
    "\\boxed{" + String(repeating: "\\text{for}x", count: 700) + "}",
    "\\boxed{" + String(repeating: "\\mathbf{", count: 1_000) + "}",
    "\\boxed{" + String(repeating: "\\{x \\mid ", count: 90) + "x>3}",
    "\\boxed{" + String(repeating: "5 km/h ", count: 1_000) + "}",
    "\\boxed{\\pm 1 \\pm 2 \\pm 3" + String(repeating: "+x(y+1)", count: 100) + "}",
    "1" + String(repeating: "/1", count: 900), String(repeating: "(1+", count: 90) + "1",
    "$x_" + String(repeating: "{x_", count: 45) + "1" + String(repeating: "}", count: 45) + "$",
    "\u{0}\u{FFFD}\u{202E}$\u{0}$", "\\", "$\\$", "\\boxed", "\\boxed{", "####",
  ]

  /// Seconds. 5 ms is the promise; a loaded machine needs room, and the testing library takes a
  /// backtrace of every error that is thrown, as a failed reading is.
  private let limit = 0.05

  /// Of this thread.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The longest call in seconds of processor time.
  private static func slowest(_ references: [String], _ responses: [String]) -> Double {
    let verifier = MathVerifier()
    var slowest = 0.0
    for reference in references {
      for response in responses {
        // The shorter of two: a busy neighbour slows one, not the work.
        var time = Double.infinity
        for _ in 0..<2 {
          let start = cpuSeconds()
          _ = verifier.verify(reference: reference, response: response)
          time = min(time, cpuSeconds() - start)
          if time < 1e-3 { break }
        }
        slowest = max(slowest, time)
      }
    }
    return slowest
  }

  @Test func hostileTextsCostLittle() {
    let time = Self.slowest(["42", "$x^2+1$", "\\{1,2\\}"], Self.hostile)
    print("hostile texts: slowest call \(time * 1e3) ms")
    #expect(time < limit)
  }

  @Test func hostileReferencesCostLittle() {
    let time = Self.slowest(Self.hostile, ["\\boxed{42}", "\\boxed{\\{1,2,3\\}}"])
    print("hostile references: slowest call \(time * 1e3) ms")
    #expect(time < limit)
  }

  @Test func identicalHostileTextsCostLittle() {
    var slowest = 0.0
    for text in Self.hostile { slowest = max(slowest, Self.slowest(["$\(text)$"], [text])) }
    print("identical hostile texts: slowest call \(slowest * 1e3) ms")
    #expect(slowest < limit)
  }

  /// Deep nesting within the limit needs less than half a megabyte of stack.
  @Test func worksOnASmallStack() async {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        _ = Self.slowest(["42"] + Self.hostile.suffix(30), Self.hostile)
        continuation.resume()
      }
      thread.stackSize = 512 << 10
      thread.start()
    }
  }

  /// Corpus texts cut, glued and flipped for two seconds: no crash, no slow call.
  @Test(.enabled(if: ReferenceData.isPresent)) func mutatedCorpusComesBack() throws {
    let texts = try ReferenceData.lines("verifier/corpus.jsonl").flatMap {
      [$0.root["gold"]?.string ?? "", $0.root["pred"]?.string ?? ""]
    }
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let pieces = ["{", "}", "\\frac", "^", "_", "(", ")", "\\sqrt", "$", "\\boxed{", "!", ",", "%"]
    let end = Date().addingTimeInterval(2)
    var (calls, slowest, worst) = (0, 0.0, "")
    while Date() < end {
      var bytes = Array((texts.randomElement(using: &random) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.remove(at: position)
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 2:
          bytes.insert(
            contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: position)
        case 3: bytes.removeSubrange(position..<min(bytes.count, position + 9))
        default:
          let other = Array((texts.randomElement(using: &random) ?? "").utf8.prefix(60))
          bytes.insert(contentsOf: other, at: position)
        }
      }
      let response = String(decoding: bytes, as: UTF8.self)
      let reference = texts.randomElement(using: &random) ?? ""
      let time = Self.slowest([reference, "$\(response.suffix(50))$"], [response])
      if time > slowest { (slowest, worst) = (time, response) }
      calls += 2
    }
    print("mutated corpus: seed \(seed), \(calls) calls, slowest \(slowest * 1e3) ms")
    #expect(slowest < 0.05, "seed \(seed): \(worst.prefix(500))")
    #expect(calls > 1_000)
  }
}
