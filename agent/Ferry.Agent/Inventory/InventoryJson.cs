using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ferry.Agent.Inventory;

/// <summary>How the inventory is written: source-generated, as a native program has no reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MachineInventory))]
internal sealed partial class InventoryJson : JsonSerializerContext;
