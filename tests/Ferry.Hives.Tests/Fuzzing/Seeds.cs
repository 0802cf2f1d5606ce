using Ferry.Hives.Bcd;

namespace Ferry.Hives.Tests.Fuzzing;

/// <summary>Small hives that hold one of everything.</summary>
internal static class Seeds
{
    public static byte[] Hive(int minor)
    {
        var hive = Hives.Hive.Create(minor);
        hive.Root.Create("Select").SetDWord("Current", 1);
        var set = hive.Root.Create("ControlSet001\\Services");
        foreach (var name in new[] { "disk", "vmbus", "Ключ", "ë" })
        {
            var key = set.Create(name);
            key.SetDWord("Start", 0);
            key.SetExpandString("ImagePath", $"system32\\drivers\\{name}.sys");
            key.SetStrings("m", "a", "b");
            key.SetQWord("", 5);
        }

        set.Create("disk").SetClassName("class");
        set.Create("disk").SetBinary("big", new byte[17_000]);
        var descriptor = hive.Root.SecurityDescriptor;
        descriptor[^1] ^= 1;
        set.Create("disk\\Enum").SetSecurityDescriptor(descriptor);
        foreach (var i in Enumerable.Range(0, 520))
        {
            hive.Root.Create($"many\\{i}");
        }

        foreach (var i in Enumerable.Range(0, 490))
        {
            hive.Root.Delete($"many\\{i}");
        }

        return hive.Save().Content.ToArray();
    }

    public static byte[] Bcd()
    {
        var hive = Hives.Hive.Create(3);
        hive.Root.Create("Objects");
        var store = BcdStore.Of(hive);
        var id = new Guid("733b62e5-f608-11eb-825c-c112f60133ab");
        var manager = store.Create(BcdStore.BootManagerId, BcdObjectTypes.BootManager);
        manager.SetObject(BcdElementIds.DefaultObject, id);
        manager.SetObjects(BcdElementIds.DisplayOrder, [id]);
        manager.SetInteger(BcdElementIds.Timeout, 30);
        var loader = store.Create(id, BcdObjectTypes.OsLoader);
        loader.SetString(BcdElementIds.ApplicationPath, "\\Windows\\system32\\winload.exe");
        loader.SetBoolean(BcdElementIds.DetectHal, true);
        loader.SetDevice(BcdElementIds.OsDevice, BcdDevice.Of(BcdPartition.Mbr(5, 1 << 20)));
        return hive.Save().Content.ToArray();
    }
}
