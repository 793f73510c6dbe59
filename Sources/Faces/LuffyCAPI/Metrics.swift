import CLuffy
import LuffyJSON

final class MetricsHandle: Handle {
  static let tag: UInt64 = 0x6c75_6666_796d_6574
  static let name = "luffy_metrics"

  let names: [CText]
  let values: [Double]
  let json: CText
  private let indices: [String: Int]

  init(_ metrics: [(name: String, value: Double)]) {
    names = metrics.map { CText($0.name) }
    values = metrics.map(\.value)
    indices = Dictionary(
      zip(metrics.map(\.name), metrics.indices), uniquingKeysWith: { first, _ in first })
    json = CText(Self.json(of: metrics))
  }

  /// Where the writer of JSON runs out of memory, the text is made without it: after a step has changed the weights, its
  /// call must not fail.
  private static func json(of metrics: [(name: String, value: Double)]) -> String {
    let writer = JSONWriter()
    writer.object {
      for (name, value) in metrics {
        writer.key(name)
        if let whole = Int(exactly: value) { writer.write(whole) } else { writer.write(value) }
      }
    }
    if let text = writer.wholeText { return text }
    _ = JSONWriter.takeFailure()
    let members = metrics.map { "\"\($0.name)\":\($0.value.isFinite ? "\($0.value)" : "null")" }
    return "{\(members.joined(separator: ","))}"
  }

  subscript(name: String) -> Double? { indices[name].map { values[$0] } }
}

@_cdecl("luffy_metrics_destroy") @implementation
public func luffy_metrics_destroy(_ metrics: OpaquePointer?) { MetricsHandle.destroy(metrics) }

@_cdecl("luffy_metrics_count") @implementation
public func luffy_metrics_count(_ metrics: OpaquePointer?) -> Int {
  MetricsHandle.find(metrics)?.values.count ?? 0
}

@_cdecl("luffy_metrics_name") @implementation
public func luffy_metrics_name(
  _ metrics: OpaquePointer?, _ index: Int
) -> UnsafePointer<CChar>? {
  guard let handle = MetricsHandle.find(metrics), handle.names.indices.contains(index) else {
    return nil
  }
  return handle.names[index].pointer
}

@_cdecl("luffy_metrics_value") @implementation
public func luffy_metrics_value(_ metrics: OpaquePointer?, _ index: Int) -> Double {
  guard let handle = MetricsHandle.find(metrics), handle.values.indices.contains(index) else {
    return .nan
  }
  return handle.values[index]
}

@_cdecl("luffy_metrics_find") @implementation
public func luffy_metrics_find(
  _ metrics: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ value: UnsafeMutablePointer<Double>?
) -> luffy_status {
  call {
    let handle = try MetricsHandle.require(metrics)
    let name = try text(name, "name")
    let out = try require(value, "value")
    guard let found = handle[name] else {
      throw CallError(LUFFY_ERROR_NOT_FOUND, "there is no metric \"\(name)\"")
    }
    out.pointee = found
  }
}

@_cdecl("luffy_metrics_json") @implementation
public func luffy_metrics_json(_ metrics: OpaquePointer?) -> UnsafePointer<CChar>? {
  MetricsHandle.find(metrics)?.json.pointer
}
