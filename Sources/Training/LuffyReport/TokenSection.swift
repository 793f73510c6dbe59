import Glibc
import LuffyRecords
import LuffyRun

/// Sampled rollouts with their tokens coloured, switchable between what they are coloured by.
struct TokenSection {
  let rows: [SampledRow]
  /// An arm's title in a comparison.
  var titles: [String: String] = [:]

  /// Groups drawn at most, spread over the steps.
  private static let mostGroups = 12

  var markup: Markup {
    guard !rows.isEmpty else { return .nothing }
    let inputs = TokenScale.allCases.map { mode in
      let attributes: KeyValuePairs<String, String> =
        mode == .weight
        ? [
          "class": "mode", "type": "radio", "name": "mode", "id": "mode-\(mode.rawValue)",
          "checked": "checked",
        ] : ["class": "mode", "type": "radio", "name": "mode", "id": "mode-\(mode.rawValue)"]
      return Markup.empty("input", attributes)
    }
    let buttons = TokenScale.allCases.map {
      Markup.element("label", ["for": "mode-\($0.rawValue)"], text: $0.title)
    }
    return .section(
      "Sample rollouts",
      [
        .paragraph(
          "One group a step: the policy's own rollouts and the teacher's trace, scored before the update. Choose what "
            + "the tokens are coloured by; point at a token, or touch it, for its numbers."),
        .element(
          "div", ["class": "samples"],
          inputs + [.element("div", ["class": "modes"], buttons)]
            + TokenScale.allCases.map(\.legend)
            + [
              .element("div", ["class": "groups"], groups),
              .element("output", ["class": "readout"], text: "Touch a token for its numbers."),
            ]),
      ])
  }

  // MARK: Groups

  private struct Key: Hashable {
    var step: Int
    var arm: String
    var stage: String
    var group: Int
  }

  private var groups: [Markup] {
    var order: [Key] = []
    var members: [Key: [SampledRow]] = [:]
    for row in rows {
      let key = Key(step: row.step, arm: row.arm ?? "", stage: row.stage, group: row.group)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(row)
    }
    let steps = Self.spread(Array(Set(order.map(\.step))).sorted(), over: order.count)
    // Arms of one step beside each other, in the file's order.
    return steps.flatMap { step in
      order.filter { $0.step == step }.map { group($0, members[$0] ?? []) }
    }
  }

  /// Some of the steps, the first and the last among them.
  private static func spread(_ steps: [Int], over groups: Int) -> [Int] {
    let perStep = max(1, groups / max(1, steps.count))
    let count = max(2, mostGroups / perStep)
    guard steps.count > count else { return steps }
    return (0..<count).map { steps[$0 * (steps.count - 1) / (count - 1)] }
  }

  private func group(_ key: Key, _ rows: [SampledRow]) -> Markup {
    let name = key.arm.isEmpty ? key.stage : titles[key.arm] ?? key.arm
    // The trace first: it is what shaping is about.
    let ordered =
      rows.filter { $0.source != "on_policy" } + rows.filter { $0.source == "on_policy" }
    let prompt = rows.first?.prompt ?? ""
    let right = rows.filter { $0.source == "on_policy" && $0.reward > 0 }.count
    let own = rows.filter { $0.source == "on_policy" }.count
    return .element(
      "article", [:],
      [
        .element("h3", text: "\(name), step \(key.step)"),
        .element(
          "p", ["class": "note"],
          [
            .text("Prompt "), .element("code", text: Self.shortened(prompt)),
            .text(" answer "), .element("code", text: rows.first?.reference ?? ""),
            .text(", \(right) of \(own) own rollouts right"),
          ]),
      ] + Self.distinct(ordered).map(rollout))
  }

  /// Rows that are alike but for their place, once each, with their number.
  private static func distinct(_ rows: [SampledRow]) -> [(row: SampledRow, count: Int)] {
    var result: [(row: SampledRow, count: Int)] = []
    for row in rows {
      if let index = result.firstIndex(where: { $0.row == row }) {
        result[index].count += 1
      } else {
        result.append((row, 1))
      }
    }
    return result
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 400 ? text : String(text.prefix(200)) + " … " + String(text.suffix(200))
  }

  private func rollout(_ row: SampledRow, count: Int) -> Markup {
    let isTrace = row.source != "on_policy"
    let source =
      switch row.source {
      case "on_policy": "own rollout"
      case "replay": "replayed rollout"
      default: "teacher trace"
      }
    return .element(
      "div", ["class": isTrace ? "rollout trace" : "rollout"],
      [
        .element(
          "small",
          text:
            "\(source)\(count > 1 ? ", \(count) times" : ""), reward \(Axis.label(row.reward, .number)), "
            + "advantage \(signed(row.advantage))"),
        .element("div", ["class": "tokens"], row.tokens.indices.map { token(row, $0) }),
      ])
  }

  // MARK: Tokens

  private func token(_ row: SampledRow, _ index: Int) -> Markup {
    guard row.logprobs.indices.contains(index) else { return .text(row.tokens[index]) }
    let logprob = row.logprobs[index]
    var classes = [TokenScale.probability.cssClass(exp(logprob))]
    var numbers = ["log-prob \(fixed(logprob))", "π \(fixed(exp(logprob)))"]
    for (mode, values) in [
      (TokenScale.weight, row.weights), (.shaped, row.shapedWeights),
      (.gradient, row.gradientWeights),
    ] {
      guard let values, values.indices.contains(index) else { continue }
      classes.append(mode.cssClass(values[index]))
      numbers.append("\(mode.title) \(fixed(values[index]))")
    }
    classes.append(TokenScale.advantage.cssClass(row.advantage))
    numbers.append("advantage \(signed(row.advantage))")
    let text = Self.visible(row.tokens[index])
    return .element(
      "i",
      [
        "class": classes.joined(separator: " "),
        "title": "\(text): " + numbers.joined(separator: ", "),
      ], text: text)
  }

  /// White space alone and line ends would not be seen.
  private static func visible(_ token: String) -> String {
    if token.isEmpty { return "∅" }
    let marked = token.reduce(into: "") { $0 += $1 == "\n" ? "↵\n" : String($1) }
    return marked.allSatisfy { $0 == " " } ? String(repeating: "␣", count: marked.count) : marked
  }

  private func fixed(_ value: Double) -> String { Axis.label(value, .number) }

  private func signed(_ value: Double) -> String {
    value > 0 ? "+" + fixed(value) : value < 0 ? "−" + fixed(-value) : fixed(value)
  }
}
