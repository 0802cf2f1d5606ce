using System.Text.Json;
using System.Text.Json.Serialization;
using Ferry.Contracts.Transfer;

namespace Ferry.Agent.Capture;

/// <summary>How requests, answers and outcomes are written and read: source-generated, as a native program has no reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TransferJobRequest))]
[JsonSerializable(typeof(TransferJobView))]
[JsonSerializable(typeof(CaptureOutcome))]
internal sealed partial class CaptureJson : JsonSerializerContext;
