using Ferry.Hives.Bcd;
using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Bcd;

public sealed class BcdStoreTests
{
    private static readonly Guid Loader = new("733b62e5-f608-11eb-825c-c112f60133ab");
    private static readonly Guid Disk = new("0b2394a9-095e-487d-8d48-719ecd4d78ca");
    private static readonly Guid Partition = new("8e0f2c38-e4ea-47ba-b7fc-9d8c74dccf0b");

    [Fact]
    public async Task Open_RealUefiStore_SaysWhatBoots()
    {
        var store = BcdStore.Of(Hive.Open(await Samples.ReadAsync(Samples.BootStore)));
        Assert.Equal(17, store.Objects.Count);
        Assert.Equal("Windows Boot Manager", store.BootManager!.GetString(BcdElementIds.Description));
        Assert.Equal(BcdObjectTypes.BootManager, store.BootManager.Type);
        Assert.Equal("\\EFI\\Microsoft\\Boot\\bootmgfw.efi", store.BootManager.GetString(BcdElementIds.ApplicationPath), ignoreCase: true);
        Assert.Contains(store.Default!.Id, store.BootManager.GetObjects(BcdElementIds.DisplayOrder)!);
        Assert.Equal(BcdObjectTypes.OsLoader, store.Default.Type);
        Assert.EndsWith("winload.efi", store.Default.GetString(BcdElementIds.ApplicationPath), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("\\WINDOWS", store.Default.GetString(BcdElementIds.SystemRoot), ignoreCase: true);
        var device = store.Find(Loader)!.GetDevice(BcdElementIds.OsDevice)!;
        Assert.True(device.IsPartition);
        Assert.Equal(BcdPartition.Gpt(Disk, Partition), Assert.Single(device.Partitions));
        Assert.Null(store.Default.GetBoolean(BcdElementIds.WinPe));
        Assert.Equal(0ul, store.Find(Loader)!.GetInteger(BcdElementIds.Nx));
    }

    [Fact]
    public async Task EveryDeviceOfARealStore_ComesBackAsItsBytes()
    {
        var store = BcdStore.Of(Hive.Open(await Samples.ReadAsync(Samples.BootStore)));
        var count = 0;
        foreach (var item in store.Objects)
        {
            foreach (var element in item.Elements.Where(x => (x >> 24 & 0xf) == 1))
            {
                var device = item.GetDevice(element)!;
                var data = item.Key.Find($"Elements\\{element:x8}")!.Value("Element")!.GetData();
                Assert.Equal(data, device.ToBytes());
                Assert.Single(device.Partitions);
                if (device.IsPartition)
                {
                    Assert.Equal(data, BcdDevice.Of(device.Partitions[0]).ToBytes());
                }

                item.SetDevice(element, device);
                count++;
            }
        }

        Assert.Equal(12, count);
        Assert.False(store.Hive.IsModified);
    }

    [Fact]
    public async Task ReplacePartition_ChangesAllThatNameItAndNothingElse()
    {
        var bytes = await Samples.ReadAsync(Samples.BootStore);
        var store = BcdStore.Of(Hive.Open(bytes));
        var by = BcdPartition.Gpt(new Guid("11111111-2222-3333-4444-555555555555"), new Guid("66666666-7777-8888-9999-aaaaaaaaaaaa"));
        Assert.Equal(4, store.ReplacePartition(BcdPartition.Gpt(Disk, Partition), by));
        Assert.Equal(0, store.ReplacePartition(BcdPartition.Gpt(Disk, Partition), by));
        Assert.Equal(0, store.ReplacePartition(by, by));
        var saved = Checks.SaveAndReopen(store.Hive);
        var again = BcdStore.Of(Hive.Open(saved));
        Assert.Equal(by, again.Find(Loader)!.GetDevice(BcdElementIds.ApplicationDevice)!.Partitions[0]);
        var (before, after) = (await HivexOracle.ExportAsync(bytes), await HivexOracle.ExportAsync(saved));
        Assert.Equal(4, before.Count(x => after[x.Key] != x.Value));
        Assert.Equal(before.Keys, after.Keys);
    }

    [Fact]
    public async Task ReplacePartition_InsideOfARamDisk_KeepsTheRest()
    {
        var store = BcdStore.Of(Hive.Open(await Samples.ReadAsync(Samples.BootStore)));
        var ramDisk = store.Find(new Guid("733b62e6-f608-11eb-825c-c112f60133ab"))!.GetDevice(BcdElementIds.OsDevice)!;
        Assert.False(ramDisk.IsPartition || ramDisk.IsBoot);
        var inside = Assert.Single(ramDisk.Partitions);
        var changed = ramDisk.Replace(inside, BcdPartition.Mbr(0x1234_5678, 1 << 20));
        Assert.Equal(BcdPartition.Mbr(0x1234_5678, 1 << 20), Assert.Single(changed.Partitions));
        Assert.Equal(ramDisk.ToBytes(), changed.Replace(changed.Partitions[0], inside).ToBytes());
    }

    [Fact]
    public async Task Create_BiosStore_IsReadByHivex()
    {
        var store = Bios();
        var saved = Checks.SaveAndReopen(store.Hive);
        await HivexOracle.AssertReadsTheSameAsync(store.Hive, saved);
        var export = await HivexOracle.ExportAsync(saved);
        Assert.Equal("\"Element\"=hex(3):01", export[$"\\Objects\\{Loader:B}\\Elements\\26000010"]);
        Assert.Equal(
            "\"Element\"=hex(3):00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,06,00,00,00,00,00,00,00,48,00,00,00,00,00,00,00,00,00,50,06,00,00,00,00,00,00,00,00,00,00,00,00,"
            + "00,00,00,00,01,00,00,00,ef,be,ad,de,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00",
            export[$"\\Objects\\{Loader:B}\\Elements\\21000001"]);

        var again = BcdStore.Of(Hive.Open(saved));
        Assert.Equal(Loader, again.Default!.Id);
        Assert.Equal("\\Windows\\system32\\winload.exe", again.Default.GetString(BcdElementIds.ApplicationPath));
        Assert.True(again.Default.GetBoolean(BcdElementIds.DetectHal));
        Assert.Equal(30ul, again.BootManager!.GetInteger(BcdElementIds.Timeout));
        Assert.Equal(BcdPartition.Mbr(0xdeadbeef, 0x650_0000), again.Default.GetDevice(BcdElementIds.OsDevice)!.Partitions[0]);
    }

    [Fact]
    public void SameEditsAgain_ChangeNothing()
    {
        var again = BcdStore.Of(Hive.Open(Bios().Hive.Save().Content));
        Fill(again);
        Assert.False(again.Hive.IsModified);
        Assert.True(again.Default!.Remove(BcdElementIds.DetectHal));
        Assert.False(again.Default.Remove(BcdElementIds.DetectHal));
        Assert.Null(again.Default.GetBoolean(BcdElementIds.DetectHal));
        Assert.True(again.Remove(Loader));
        Assert.Null(again.Default);
        Checks.SaveAndReopen(again.Hive);
    }

    [Fact]
    public void SetBoolean_OnAnotherByteThatSaysYes_LeavesIt()
    {
        var store = Bios();
        store.Default!.Key.Create("Elements\\26000010").SetBinary("Element", [0xff]);
        store = BcdStore.Of(Hive.Open(store.Hive.Save().Content));
        store.Default!.SetBoolean(BcdElementIds.DetectHal, true);
        Assert.False(store.Hive.IsModified);
    }

    [Fact]
    public void Default_WithoutADefaultObject_IsTheFirstOfTheMenu()
    {
        var store = Bios();
        store.BootManager!.Remove(BcdElementIds.DefaultObject);
        Assert.Equal(Loader, store.Default!.Id);
    }

    [Fact]
    public void WrongElements_AreNamed()
    {
        var store = Bios();
        Assert.Throws<ArgumentException>(() => store.Default!.GetString(BcdElementIds.OsDevice));
        Assert.Throws<ArgumentException>(() => store.Default!.SetInteger(BcdElementIds.DetectHal, 1));
        var elements = store.Default!.Key.Create("Elements");
        elements.Create("21000001").SetBinary("Element", new byte[4]);
        elements.Create("26000010").SetBinary("Element", new byte[9]);
        elements.Create("23000003").SetString("Element", "no guid");
        elements.Create("22000002").SetDWord("Element", 1);
        Action[] reads =
        [
            () => store.Default.GetDevice(BcdElementIds.OsDevice), () => store.Default.GetBoolean(BcdElementIds.DetectHal),
            () => store.Default.GetObject(BcdElementIds.DefaultObject), () => store.Default.GetString(BcdElementIds.SystemRoot),
        ];
        Assert.All(reads, x => Assert.Equal(HiveErrors.WrongType, Assert.Throws<HiveException>(x).Code));
        Assert.Equal(HiveErrors.Missing, Assert.Throws<HiveException>(() => BcdStore.Of(Hive.Create())).Code);
    }

    private static BcdStore Bios()
    {
        var hive = Hive.Create(3);
        hive.Root.Create("Description").SetString("KeyName", "BCD00000000");
        hive.Root.Create("Objects");
        var store = BcdStore.Of(hive);
        Fill(store);
        return store;
    }

    private static void Fill(BcdStore store)
    {
        var manager = store.Create(BcdStore.BootManagerId, BcdObjectTypes.BootManager);
        manager.SetObject(BcdElementIds.DefaultObject, Loader);
        manager.SetObjects(BcdElementIds.DisplayOrder, [Loader]);
        manager.SetInteger(BcdElementIds.Timeout, 30);
        var loader = store.Create(Loader, BcdObjectTypes.OsLoader);
        loader.SetString(BcdElementIds.ApplicationPath, "\\Windows\\system32\\winload.exe");
        loader.SetString(BcdElementIds.SystemRoot, "\\Windows");
        loader.SetBoolean(BcdElementIds.DetectHal, true);
        var device = BcdDevice.Of(BcdPartition.Mbr(0xdeadbeef, 0x650_0000));
        loader.SetDevice(BcdElementIds.ApplicationDevice, device);
        loader.SetDevice(BcdElementIds.OsDevice, device);
    }
}
