import LuffyOptimizer
import LuffyTensor
import Testing

/// An update that would leave a number that is not finite is known before it writes.
@Suite struct FinitenessTests {
  private let count = 70_000
  private let arena = Arena()

  private func optimizer() throws -> AdamW {
    try AdamW([.init(offset: 0, count: count, decays: true)], count: count, arena: arena)
  }

  private func store(_ value: Float) throws -> Buffer<Float>.Owner {
    let owner = try Buffer<Float>.Owner(count, in: arena)
    owner.buffer.pointer.update(repeating: value, count: count)
    return owner
  }

  @Test func optionsAreCheckedAsFloats() {
    func fault(_ change: (inout AdamWOptions) -> Void) -> String {
      var options = AdamWOptions()
      change(&options)
      return options.fault ?? ""
    }
    #expect(fault { _ in } == "")
    #expect(fault { $0.learningRate = 1e300 }.hasPrefix("lr is 1e+300"))
    #expect(fault { $0.learningRate = 1e-60 }.hasPrefix("lr is 1e-60"))
    #expect(fault { $0.learningRate = 0 } == "")
    #expect(fault { $0.weightDecay = 1e39 }.hasPrefix("weight_decay is"))
    #expect(
      fault { ($0.learningRate, $0.weightDecay) = (1e20, 1e20) }.contains("lr × weight_decay"))
    #expect(fault { $0.epsilon = 1e-60 }.hasPrefix("eps is 1e-60"))
    #expect(fault { $0.epsilon = 1e60 }.hasPrefix("eps is"))
    #expect(fault { $0.beta1 = 0.999_999_999_999 }.hasPrefix("beta1 is"))
    #expect(fault { $0.beta2 = 0.999_999_999_999 }.hasPrefix("beta2 is"))
  }

  /// The first update is rehearsed, the second is cleared by its bound, and both agree with what is written.
  @Test func ordinaryUpdatesPass() throws {
    let (optimizer, values, gradients) = (try optimizer(), try store(0.5), try store(1e-3))
    let options = AdamWOptions(learningRate: 1e-2)
    for _ in 0..<3 {
      gradients.buffer.pointer.update(repeating: 1e-3, count: count)
      let norm = optimizer.norm(gradients.buffer.pointer)
      let fault = optimizer.fault(
        values.buffer.pointer, gradients.buffer.pointer, norm: norm, (1, options), version: 7)
      #expect(fault == nil)
      optimizer.update(values.buffer.pointer, gradients.buffer.pointer, scale: 1, options)
      optimizer.remember(version: 7)
    }
    #expect(values.buffer.span.allSatisfy { $0.isFinite && $0 != 0.5 })
  }

  @Test(arguments: [false, true]) func theFirstFaultIsNamed(afterAnUpdate: Bool) throws {
    let (optimizer, values, gradients) = (try optimizer(), try store(0.5), try store(1e-3))
    func fault(_ options: AdamWOptions) -> AdamW.Fault? {
      optimizer.fault(
        values.buffer.pointer, gradients.buffer.pointer,
        norm: optimizer.norm(gradients.buffer.pointer), (1, options), version: 1)
    }
    if afterAnUpdate {
      #expect(fault(AdamWOptions(learningRate: 1e-2)) == nil)
      optimizer.update(
        values.buffer.pointer, gradients.buffer.pointer, scale: 1, AdamWOptions(learningRate: 1e-2))
      optimizer.remember(version: 1)
    }
    gradients.buffer.pointer[66_001] = 1e20  // its square is no float
    let square = fault(AdamWOptions(learningRate: 1e-2))
    #expect(square?.index == 66_001 && square?.what == "second moment")
    gradients.buffer.pointer[66_001] = 1
    values.buffer.pointer[69_999] = 3e38
    let rate = fault(AdamWOptions(learningRate: 3e38))
    #expect(rate?.what == "weight")
  }

  /// Weights that somebody else wrote are looked at again.
  @Test func anotherVersionIsLookedAtAgain() throws {
    let (optimizer, values, gradients) = (try optimizer(), try store(0.5), try store(1e-3))
    let options = AdamWOptions(learningRate: 1e-2)
    func fault(version: Int) -> AdamW.Fault? {
      optimizer.fault(
        values.buffer.pointer, gradients.buffer.pointer,
        norm: optimizer.norm(gradients.buffer.pointer), (1, options), version: version)
    }
    #expect(fault(version: 1) == nil)
    optimizer.update(values.buffer.pointer, gradients.buffer.pointer, scale: 1, options)
    optimizer.remember(version: 1)
    values.buffer.pointer[12] = .infinity
    #expect(fault(version: 2)?.index == 12)
    optimizer.secondMoments.pointer[3] = -1
    #expect(fault(version: 3)?.index == 3)
  }
}
