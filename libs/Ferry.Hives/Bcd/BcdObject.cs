using System.Buffers.Binary;
using System.Globalization;

namespace Ferry.Hives.Bcd;

/// <summary>
/// An object of a boot configuration store. Reading an element that is not there gives null; one whose data are not what its id says is an error (<see cref="HiveErrors.WrongType"/>).
/// Setting an element to what it is changes nothing. An id of another format than the method's is an <see cref="ArgumentException"/>.
/// </summary>
public sealed class BcdObject
{
    private const string ValueName = "Element";
    private const string ElementsName = "Elements";

    internal BcdObject(Guid id, HiveKey key)
    {
        Id = id;
        Key = key;
    }

    /// <summary>The GUID.</summary>
    public Guid Id { get; }

    /// <summary>The key that it stands in.</summary>
    public HiveKey Key { get; }

    /// <summary>The kind of object, see <see cref="BcdObjectTypes"/>; 0 where none is given.</summary>
    /// <exception cref="HiveException">What stands there is no number.</exception>
    public uint Type => Key.Find("Description")?.Value("Type")?.GetDWord() ?? 0;

    /// <summary>The ids of its elements.</summary>
    public IReadOnlyList<uint> Elements =>
        [.. (Key.Find(ElementsName)?.Subkeys ?? []).Select(x => uint.TryParse(x.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(x => x != 0)];

    /// <summary>A string.</summary>
    /// <param name="element">Its id.</param>
    public string? GetString(uint element) => Find(element, BcdElementFormat.Text)?.GetString();

    /// <summary>Sets a string.</summary>
    /// <param name="element">Its id.</param>
    /// <param name="text">The text.</param>
    public void SetString(uint element, string text) => Set(element, BcdElementFormat.Text, HiveValueType.Sz, HiveData.OfString(text));

    /// <summary>A boolean.</summary>
    /// <param name="element">Its id.</param>
    public bool? GetBoolean(uint element) => Find(element, BcdElementFormat.Boolean) is { } value ? Bytes(value, 1).Any(x => x != 0) : null;

    /// <summary>Sets a boolean.</summary>
    /// <param name="element">Its id.</param>
    /// <param name="isSet">Its value.</param>
    public void SetBoolean(uint element, bool isSet)
    {
        // Any byte but 0 says yes: one that does is left as it is.
        if (GetBoolean(element) != isSet)
        {
            Set(element, BcdElementFormat.Boolean, HiveValueType.Binary, [isSet ? (byte)1 : (byte)0]);
        }
    }

    /// <summary>An integer.</summary>
    /// <param name="element">Its id.</param>
    public ulong? GetInteger(uint element)
    {
        if (Find(element, BcdElementFormat.Integer) is not { } value)
        {
            return null;
        }

        var bytes = new byte[sizeof(ulong)];
        Bytes(value, 1).CopyTo(bytes, 0);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Sets an integer.</summary>
    /// <param name="element">Its id.</param>
    /// <param name="number">Its value.</param>
    public void SetInteger(uint element, ulong number) => Set(element, BcdElementFormat.Integer, HiveValueType.Binary, HiveData.OfQWord(number));

    /// <summary>The GUID of another object.</summary>
    /// <param name="element">Its id.</param>
    public Guid? GetObject(uint element) => Find(element, BcdElementFormat.Object) is { } value ? ToGuid(value, value.GetString()) : null;

    /// <summary>Sets the GUID of another object.</summary>
    /// <param name="element">Its id.</param>
    /// <param name="id">The other object.</param>
    public void SetObject(uint element, Guid id)
    {
        if (GetObject(element) != id)
        {
            Set(element, BcdElementFormat.Object, HiveValueType.Sz, HiveData.OfString(id.ToString("B")));
        }
    }

    /// <summary>The GUIDs of other objects.</summary>
    /// <param name="element">Its id.</param>
    public IReadOnlyList<Guid>? GetObjects(uint element) => Find(element, BcdElementFormat.ObjectList) is { } value ? [.. value.GetStrings().Select(x => ToGuid(value, x))] : null;

    /// <summary>Sets the GUIDs of other objects.</summary>
    /// <param name="element">Its id.</param>
    /// <param name="ids">The other objects, in their order.</param>
    public void SetObjects(uint element, IReadOnlyList<Guid> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (GetObjects(element)?.SequenceEqual(ids) != true)
        {
            Set(element, BcdElementFormat.ObjectList, HiveValueType.MultiSz, HiveData.OfStrings(ids.Select(x => x.ToString("B"))));
        }
    }

    /// <summary>A device.</summary>
    /// <param name="element">Its id.</param>
    public BcdDevice? GetDevice(uint element) =>
        Find(element, BcdElementFormat.Device) is { } value ? BcdDevice.Read(value.GetData()) ?? throw Wrong(value, "device") : null;

    /// <summary>Sets a device.</summary>
    /// <param name="element">Its id.</param>
    /// <param name="device">The device.</param>
    public void SetDevice(uint element, BcdDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Set(element, BcdElementFormat.Device, HiveValueType.Binary, device.ToBytes());
    }

    /// <summary>Removes an element.</summary>
    /// <param name="element">Its id.</param>
    /// <returns>False where it is not there.</returns>
    public bool Remove(uint element) => Key.Delete(PathOf(element));

    private static string PathOf(uint element) => string.Create(CultureInfo.InvariantCulture, $"{ElementsName}\\{element:x8}");

    private static HiveException Wrong(HiveValue value, string wanted) => new(HiveErrors.WrongType, $"The element {value.Key.Path} is no {wanted}.", value.Key.HiveName);

    private static Guid ToGuid(HiveValue value, string text) => Guid.TryParseExact(text, "B", out var id) ? id : throw Wrong(value, "GUID");

    private static byte[] Bytes(HiveValue value, int least) =>
        value.Type == HiveValueType.Binary && value.Size >= least && value.Size <= sizeof(ulong) ? value.GetData() : throw Wrong(value, "number");

    private static void CheckFormat(uint element, BcdElementFormat format)
    {
        if ((BcdElementFormat)(element >> 24 & 0xf) != format)
        {
            throw new ArgumentException($"The element {element:x8} holds no {format}.", nameof(element));
        }
    }

    private HiveValue? Find(uint element, BcdElementFormat format)
    {
        CheckFormat(element, format);
        return Key.Find(PathOf(element))?.Value(ValueName);
    }

    private void Set(uint element, BcdElementFormat format, HiveValueType type, byte[] data)
    {
        CheckFormat(element, format);
        Key.Create(PathOf(element)).Set(ValueName, type, data);
    }
}
