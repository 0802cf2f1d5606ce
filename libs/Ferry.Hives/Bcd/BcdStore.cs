namespace Ferry.Hives.Bcd;

/// <summary>A boot configuration store: a hive of objects with elements. It is saved by its hive.</summary>
public sealed class BcdStore
{
    private const string ObjectsName = "Objects";
    private readonly HiveKey _objects;

    private BcdStore(Hive hive, HiveKey objects)
    {
        Hive = hive;
        _objects = objects;
    }

    /// <summary>The id of the boot manager of Windows.</summary>
    public static Guid BootManagerId { get; } = new("9dea862c-5cdd-4e70-acc1-f32b344d4795");

    /// <summary>The id of the boot manager of the firmware.</summary>
    public static Guid FirmwareBootManagerId { get; } = new("a5a30fa2-3d06-4e9f-b5f4-a01df9d1fcba");

    /// <summary>The hive.</summary>
    public Hive Hive { get; }

    /// <summary>All objects, in the hive's order. Keys that are no objects are left out.</summary>
    public IReadOnlyList<BcdObject> Objects => [.. _objects.Subkeys.Select(Read).OfType<BcdObject>()];

    /// <summary>The boot manager of Windows, or null.</summary>
    public BcdObject? BootManager => Find(BootManagerId);

    /// <summary>What the boot manager starts by itself: its default object, else the first of its menu; null where there is neither.</summary>
    public BcdObject? Default
    {
        get
        {
            var id = BootManager?.GetObject(BcdElementIds.DefaultObject) ?? BootManager?.GetObjects(BcdElementIds.DisplayOrder)?.Cast<Guid?>().FirstOrDefault();
            return id is { } found ? Find(found) : null;
        }
    }

    /// <summary>The store in a hive.</summary>
    /// <param name="hive">The hive.</param>
    /// <exception cref="HiveException">It is no boot configuration store.</exception>
    public static BcdStore Of(Hive hive)
    {
        ArgumentNullException.ThrowIfNull(hive);
        return new BcdStore(hive, hive.Find(ObjectsName) ?? throw new HiveException(HiveErrors.Missing, "The hive is no boot configuration store: it has no key Objects.", hive.Name));
    }

    /// <summary>An object, or null.</summary>
    /// <param name="id">Its id.</param>
    public BcdObject? Find(Guid id) => _objects.Find(id.ToString("B")) is { } key ? Read(key) : null;

    /// <summary>The objects of a kind.</summary>
    /// <param name="type">One of <see cref="BcdObjectTypes"/>, or any other.</param>
    public IEnumerable<BcdObject> OfType(uint type) => Objects.Where(x => x.Type == type);

    /// <summary>Makes an object; one that is there is only given its type.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">Its type.</param>
    public BcdObject Create(Guid id, uint type)
    {
        var key = _objects.Create(id.ToString("B"));
        key.Create("Description").Set("Type", HiveValueType.DWord, HiveData.OfDWord(type));
        key.Create("Elements");
        return new BcdObject(id, key);
    }

    /// <summary>Removes an object; lists that name it are not changed.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>False where there is none.</returns>
    public bool Remove(Guid id) => _objects.Delete(id.ToString("B"));

    /// <summary>Replaces a partition in every device of every object, also inside of RAM disks.</summary>
    /// <param name="old">What is replaced.</param>
    /// <param name="by">What takes its place.</param>
    /// <returns>Elements that were changed.</returns>
    public int ReplacePartition(BcdPartition old, BcdPartition by)
    {
        var count = 0;
        foreach (var item in Objects)
        {
            foreach (var element in item.Elements.Where(x => (BcdElementFormat)(x >> 24 & 0xf) == BcdElementFormat.Device))
            {
                if (item.GetDevice(element) is { } device && old != by && device.Partitions.Contains(old))
                {
                    item.SetDevice(element, device.Replace(old, by));
                    count++;
                }
            }
        }

        return count;
    }

    private static BcdObject? Read(HiveKey key) => Guid.TryParseExact(key.Name, "B", out var id) ? new BcdObject(id, key) : null;
}
