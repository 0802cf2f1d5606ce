using System.Globalization;
using System.Xml.Linq;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>One item of a VirtualHardwareSection (CIM_ResourceAllocationSettingData).</summary>
internal sealed class OvfItem(XElement element)
{
    /// <summary>The item's element.</summary>
    public XElement Element { get; } = element;

    /// <summary>CIM resource type; 0 when absent.</summary>
    public int ResourceType { get; } = Number(element.Text("ResourceType")) ?? 0;

    /// <summary>The item's id.</summary>
    public string? InstanceId { get; } = element.Text("InstanceID") ?? element.Text("InstanceId");

    /// <summary>The id of the controller that it is connected to.</summary>
    public string? Parent { get; } = element.Text("Parent");

    /// <summary>Number at the controller.</summary>
    public int Unit { get; } = Number(element.Text("AddressOnParent")) ?? 0;

    /// <summary>The model in the producer's words.</summary>
    public string? SubType { get; } = SourceText.Optional(element.Text("ResourceSubType"));

    /// <summary>The number, when the text is a whole number of at most nine digits.</summary>
    public static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 999_999_999 ? number : null;
}
