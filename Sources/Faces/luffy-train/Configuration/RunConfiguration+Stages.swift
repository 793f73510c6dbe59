import LuffyTokenizer
import LuffyVerifier

extension RunConfiguration {
  /// Only the built-in task has component skills to warm up on.
  var hasWarmup: Bool { data == nil }

  /// The stages as they will run: a kind's defaults, then the run's keys, then the stage's own.
  ///
  /// A warm-up of 0 steps is left out.
  func resolvedStages() throws -> [Stage] {
    var requests = stages
    if hasWarmup, !requests.contains(where: { $0.kind == .warmup }) {
      requests.insert(StageRequest(kind: .warmup), at: 0)
    }
    return try requests.enumerated().compactMap { index, request in
      let place = "stages: \(index + 1) (\(request.kind.rawValue)): "
      let stage = try resolved(request, in: place)
      if stage.kind == .warmup && stage.steps == 0 { return nil }
      try stage.validate(in: place)
      return stage
    }
  }

  private func resolved(_ request: StageRequest, in place: String) throws -> Stage {
    var stage = Stage(request.kind)
    for key in Self.stageKeys where key.kinds.contains(request.kind) {
      let value = key.key.value(of: stageDefaults)
      if key.key.name == "warmup_steps", value == .null { continue }
      try stage.set(key.name, value, in: place)
    }
    for member in request.settings { try stage.set(member.key, member.value, in: place) }
    return stage
  }

  /// A flag of the command line goes before what a file's stages say.
  mutating func override(_ name: String, _ value: ConfigurationValue) throws {
    try set(name, value, in: "--")
    for key in Self.stageKeys where key.key.name == name {
      for index in stages.indices where key.kinds.contains(stages[index].kind) {
        stages[index].settings.removeAll { $0.key == key.name }
      }
    }
  }

  /// Checks what no type says. Every stage is checked, too.
  func validate() throws {
    if PromptTemplate(name: template) == nil {
      throw ConfigurationError.unknown(
        template, "template", among: ["raw", "chatml", "llama3", "luffy"], in: "template: ")
    }
    if AnswerForm(rawValue: answerForm) == nil {
      throw ConfigurationError.unknown(
        answerForm, "answer form", among: AnswerForm.allCases.map(\.rawValue), in: "answer_form: ")
    }
    if heldOut < 1 { throw ConfigurationError("held_out: expected at least 1, found \(heldOut)") }
    if keepLast < 1 {
      throw ConfigurationError("keep_last: expected at least 1, found \(keepLast)")
    }
    for (name, value) in [
      ("threads", threads), ("eval_every", evalEvery), ("checkpoint_every", checkpointEvery),
    ] where value < 0 {
      throw ConfigurationError("\(name): expected 0 or more, found \(value)")
    }
    if data != nil && model == nil { throw ConfigurationError("data: needs a model, too") }
    if try resolvedStages().isEmpty { throw ConfigurationError("stages: nothing to do") }
  }
}
