import LuffyCheckpoint
import LuffyOptions
import LuffyRecords
import LuffyVerifier

/// A run that goes on has the configuration that its checkpoint carries. `config.json` beside it may be edited, or lost.
extension RunConfiguration {
  /// Keys that do not change what a step computes: flags may give them anew, and `config.json` may.
  package static let mayChange: Set<String> = [
    "threads", "steps", "held_out", "eval_every", "checkpoint_every", "keep_last",
    "stop_on_entropy",
  ]
  /// Keys that a checkpoint leaves out: the results do not depend on them.
  package static let notSaved: Set<String> = ["output", "threads"]

  /// Reads a YAML file of keys: what `config.yaml` of version 0.1.0 needs, and this library does not read.
  package typealias YAMLReader = (_ path: String) throws -> ConfigurationValue

  /// - Parameter saved: what the checkpoint carries; nil: of version 0.1.0, where `config.yaml` is all there is.
  init(of directory: RunDirectory, saved: String?, yaml: YAMLReader?) throws {
    self.init()
    guard let saved else {
      guard let (path, file) = try Self.file(of: directory, yaml) else {
        throw RunError("\(directory.configuration): is missing, and no checkpoint carries it")
      }
      try set(file, in: "\(path): ")
      keepFormat()
      output = directory.path
      return
    }
    try set(
      try ConfigurationValue(json: saved, in: "the checkpoint: "), in: "the checkpoint: ")
    keepFormat()
    if let (path, file) = try Self.file(of: directory, yaml) {
      let own = self
      try set(file, in: "\(path): ")
      let changed = try ConfigurationDifference.between(own, self)
      if !changed.isEmpty {
        throw ConfigurationError(
          "\(path): differs from the configuration that the checkpoint carries in "
            + changed.joined(separator: ", ")
            + "; undo that (the run goes on without the file, too), or begin another run")
      }
    }
    output = directory.path
  }

  /// `config.yaml` where there is one, which a newer run does not leave, else `config.json`; nil where there is neither,
  /// or only an empty one.
  private static func file(
    of directory: RunDirectory, _ yaml: YAMLReader?
  ) throws -> (path: String, value: ConfigurationValue)? {
    if let old = try text(directory.yamlConfiguration), !old.allSatisfy(\.isWhitespace) {
      guard let yaml else {
        throw RunError(
          "\(directory.yamlConfiguration): this is YAML, which luffy-train 0.1.0 wrote: go on with it once by "
            + "luffy-train run --resume \(directory.path)")
      }
      return (directory.yamlConfiguration, try yaml(directory.yamlConfiguration))
    }
    let path = directory.configuration
    guard let own = try text(path), !own.allSatisfy(\.isWhitespace) else { return nil }
    return (path, try ConfigurationValue(json: own, in: "\(path): "))
  }

  private static func text(_ path: String) throws -> String? {
    if !FileSystem.exists(path) { return nil }
    return String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
  }

  /// A run from before there was the key `format` goes on as it began.
  private mutating func keepFormat() {
    guard !given.contains("format") else { return }
    (format, allowCutTraces) = (1, true)
    if !given.contains("answer_form") { answerForm = AnswerForm.anywhere.rawValue }
  }

  /// As a checkpoint carries it.
  package func savedText() throws -> String {
    guard case .map(let members) = try configurationValue() else { return "" }
    return ConfigurationValue.map(members.filter { !Self.notSaved.contains($0.key) }).json
  }
}

/// Keys whose values differ between two configurations and may not.
package enum ConfigurationDifference {
  package static func between(_ own: RunConfiguration, _ other: RunConfiguration) throws -> [String]
  {
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
  package init(_ configuration: RunConfiguration) throws {
    text = try configuration.savedText()
    hash = Self.hash(text)
  }

  /// The text, where it has its hash.
  package func checked() throws -> String {
    if hash == Self.hash(text) { return text }
    throw RunError("the checkpoint's configuration does not have its hash \(hash)")
  }

  private static func hash(_ text: String) -> String {
    let number = unsafe Array(text.utf8).withUnsafeBytes { unsafe XXH64.hash($0) }
    return String(number, radix: 16).padded(to: 16)
  }
}
