import LuffyJSON
import LuffyModel

/// Adapter options under the names that PEFT gives them.
extension AdapterOptions {
  func write(_ writer: JSONWriter) {
    writer.key("r")
    writer.write(rank)
    writer.key("lora_alpha")
    writer.write(alpha)
    writer.key("use_rslora")
    writer.write(isRankStabilized)
    writer.key("target_modules")
    writer.array {
      for target in AdapterTarget.allCases where targets.contains(target) {
        writer.write(target.rawValue)
      }
    }
  }

  /// Of a saved state. The seed is not in it: it is used up.
  init(_ json: JSONNode) throws(TrainerError) {
    guard let rank = json["r"]?.int, let alpha = json["lora_alpha"]?.double,
      let isRankStabilized = json["use_rslora"]?.bool, let names = json["target_modules"]
    else {
      throw .state("adapters: expected r, lora_alpha, use_rslora and target_modules")
    }
    var targets: Set<AdapterTarget> = []
    for element in names.elements {
      guard let target = element.string.flatMap(AdapterTarget.init) else {
        let known = AdapterTarget.allCases.map(\.rawValue).joined(separator: ", ")
        throw .state("adapters: an unknown name in target_modules, expected some of \(known)")
      }
      targets.insert(target)
    }
    self.init(
      rank: rank, alpha: alpha, isRankStabilized: isRankStabilized, targets: targets)
  }
}
