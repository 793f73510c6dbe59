import Foundation
import LuffyCheckpoint
import LuffyVerifier

/// A run that goes on has the configuration that its checkpoint carries. `config.yaml` beside it may be edited, or lost.
extension RunConfiguration {
  /// Keys that do not change what a step computes: flags may give them anew, and `config.yaml` may.
  static let mayChange: Set<String> = [
    "threads", "steps", "held_out", "eval_every", "checkpoint_every", "keep_last",
    "stop_on_entropy",
  ]
  /// Keys that a checkpoint leaves out: the results do not depend on them.
  static let notSaved: Set<String> = ["output", "threads"]

  /// - Parameter saved: what the checkpoint carries; nil: of version 0.1.0, where `config.yaml` is all there is.
  init(of directory: RunDirectory, saved: String?) throws {
    self.init()
    let path = directory.configuration.path
    guard let saved else {
      try ConfigurationFile.read(path, into: &self)
      keepFormat()
      output = directory.url.path
      return
    }
    try set(try ConfigurationFile.parse(saved, in: "the checkpoint: "), in: "the checkpoint: ")
    keepFormat()
    if FileManager.default.fileExists(atPath: path) {
      let own = self
      try ConfigurationFile.read(path, into: &self)
      let changed = try ConfigurationDifference.between(own, self)
      if !changed.isEmpty {
        throw ConfigurationError(
          "\(path): differs from the configuration that the checkpoint carries in "
            + changed.joined(separator: ", ")
            + "; undo that (the run goes on without the file, too), or begin another run")
      }
    }
    output = directory.url.path
  }

  /// A run from before there was the key `format` goes on as it began.
  private mutating func keepFormat() {
    guard !given.contains("format") else { return }
    (format, allowCutTraces) = (1, true)
    if !given.contains("answer_form") { answerForm = AnswerForm.anywhere.rawValue }
  }

  /// As a checkpoint carries it.
  func savedText() throws -> String {
    guard case .map(let members) = try configurationValue() else { return "" }
    return try ConfigurationFile.text(.map(members.filter { !Self.notSaved.contains($0.key) }))
  }
}

/// Keys whose values differ between two configurations and may not.
enum ConfigurationDifference {
  static func between(_ own: RunConfiguration, _ other: RunConfiguration) throws -> [String] {
    try keys(own.configurationValue(), other.configurationValue(), in: "")
  }

  private static func keys(
    _ own: ConfigurationValue, _ other: ConfigurationValue, in place: String
  ) -> [String] {
    let free = RunConfiguration.mayChange.union(RunConfiguration.notSaved)
    let (left, right) = (members(own), members(other))
    let names =
      left.map(\.key) + right.map(\.key).filter { name in !left.contains { $0.key == name } }
    return names.filter { !free.contains($0) }.flatMap { name -> [String] in
      let values = [left, right].map { side in
        side.first { $0.key == name }?.value ?? .null
      }
      if values[0] == values[1] { return [] }
      if name == "stages" { return stages(values[0], values[1]) }
      return ["\(place)\(name) (\(values[1].short), the checkpoint has \(values[0].short))"]
    }
  }

  private static func stages(_ own: ConfigurationValue, _ other: ConfigurationValue) -> [String] {
    guard case .list(let left) = own, case .list(let right) = other, left.count == right.count
    else { return ["stages (another number of them)"] }
    return zip(left, right).enumerated().flatMap { index, pair in
      keys(pair.0, pair.1, in: "stages: \(index + 1): ")
    }
  }

  private static func members(_ value: ConfigurationValue) -> [ConfigurationValue.Member] {
    if case .map(let members) = value { members } else { [] }
  }
}

extension ConfigurationValue {
  /// The value itself where it is short.
  fileprivate var short: String {
    switch self {
    case .string(let text) where text.count <= 40: "\"\(text)\""
    default: description
    }
  }
}

extension RunPosition.Configuration {
  init(_ configuration: RunConfiguration) throws {
    text = try configuration.savedText()
    hash = Self.hash(text)
  }

  /// The text, where it has its hash.
  func checked() throws -> String {
    if hash == Self.hash(text) { return text }
    throw RunError("the checkpoint's configuration does not have its hash \(hash)")
  }

  private static func hash(_ text: String) -> String {
    let number = Array(text.utf8).withUnsafeBytes { XXH64.hash($0) }
    return String(format: "%016llx", number)
  }
}
