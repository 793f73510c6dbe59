import LuffyJSON
import LuffyObjective
import LuffyOptimizer
import LuffyTrainer
import Testing

@Suite struct OptionNamesTests {
  @Test(arguments: ObjectiveOptions.presetNames) func presetsSurviveJSON(_ name: String) throws {
    let preset = try #require(ObjectiveOptions.preset(name, fixedLength: 77))
    let writer = JSONWriter()
    writer.object { preset.write(writer) }
    var copy = ObjectiveOptions.mixedPolicy()
    try copy.set(try JSONDocument(parsing: writer.text).root)
    #expect(copy == preset)
  }

  @Test func errorsNameTheOption() throws {
    for (text, key) in [
      (#"{"gama": 1}"#, "gama"), (#"{"clip_low": "x"}"#, "clip_low"),
      (#"{"off_shaping": {"kind": "cube"}}"#, "off_shaping"), (#"{"baseline": 3}"#, "baseline"),
      (#"{"fixed_length": 0}"#, "fixed_length"), ("[]", "objective"),
    ] {
      var options = ObjectiveOptions()
      do {
        try options.set(try JSONDocument(parsing: text).root)
        Issue.record("accepted \(text)")
      } catch { #expect("\(error)".contains(key)) }
    }
  }

  @Test func trainerOptionsSurviveJSON() throws {
    var options = TrainerOptions()
    options.maxGradNorm = nil
    options.optimizer.schedule = .init(.linear, warmupSteps: 3, totalSteps: 8, minimumFactor: 0.1)
    options.temperature = 0.7
    let writer = JSONWriter()
    writer.object { options.write(writer) }
    var copy = TrainerOptions()
    try copy.set(try JSONDocument(parsing: writer.text).root)
    #expect(copy == options)
    #expect(throws: TrainerError.self) {
      try copy.set(try JSONDocument(parsing: #"{"learning_rate": 1}"#).root)
    }
  }
}
