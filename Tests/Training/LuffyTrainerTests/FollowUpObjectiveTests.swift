import LuffyJSON
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyTrainer
import Testing

@Suite struct FollowUpObjectiveTests {
  @Test(arguments: NamedObjective.presetNames) func namesSurviveJSON(_ name: String) throws {
    let preset = try #require(NamedObjective(preset: name, fixedLength: 77))
    let writer = JSONWriter()
    writer.object { preset.write(writer) }
    let copy = try NamedObjective(try JSONDocument(parsing: writer.text).root)
    #expect(copy == preset)
    #expect(throws: Never.self) { try copy.makeObjective() }
  }

  @Test func optionsReachTheObjective() throws {
    var chord = NamedObjective.followUp(FollowUpObjective(.chord))
    try chord.set(try JSONDocument(parsing: #"{"steps": 7, "weighs_tokens": true}"#).root)
    let weights = try chord.makeObjective().terms[1].weights.count
    #expect(weights == 1)
    for (text, key) in [
      (#"{"stepz": 1}"#, "stepz"), (#"{"steps": 1.5}"#, "steps"), (#"{"steps": -1}"#, "steps"),
      (#"{"steps": 0}"#, "steps"), (#"{"to": 1.5}"#, "to"),
      (#"{"weighs_tokens": 2}"#, "weighs_tokens"), (#"{"from": "x"}"#, "from"),
      (#"{"preset": "gspo"}"#, "preset"), ("[]", "objective"),
    ] {
      do {
        try chord.set(try JSONDocument(parsing: text).root)
        Issue.record("accepted \(text)")
      } catch { #expect("\(error)".contains(key)) }
    }
  }

  @Test func aStateRemembersItsFollowUp() throws {
    let fixture = TrainerFixture()
    let model = try fixture.model()
    let named = try #require(NamedObjective(preset: "hpt", fixedLength: 24))
    let trainer = try Trainer(model, named: named)
    _ = try trainer.step(try fixture.groups(model))
    let directory = TrainerFixture.temporaryDirectory()
    try trainer.save(directory)
    let resumed = try Trainer.load(directory)
    #expect(resumed.namedObjective == named && resumed.objectiveOptions == nil)
    let groups = try fixture.groups(model, step: 1)
    #expect(try resumed.step(groups).loss == trainer.step(groups).loss)
  }
}
