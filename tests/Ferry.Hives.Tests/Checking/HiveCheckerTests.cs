using System.Buffers.Binary;
using Ferry.Hives.Cells;
using Ferry.Hives.Keys;
using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Checking;

/// <summary>What the checker must find: a check that finds nothing would make all tests of edits worthless.</summary>
public sealed class HiveCheckerTests
{
    private readonly Hive _hive;
    private readonly HiveKey _a;
    private readonly HiveKey _b;

    public HiveCheckerTests()
    {
        _hive = Hive.Create();
        _a = _hive.Root.Create("a");
        _b = _hive.Root.Create("b");
        _a.SetBinary("v", new byte[50]);
        _a.SetBinary("w", new byte[50]);
        _a.SetBinary("big", new byte[40_000]);
    }

    private KeyNode Root => _hive.Keys.Node(_hive.RootOffset);

    [Fact]
    public void Check_HiveAsItIsWritten_FindsNothing()
    {
        var result = HiveChecker.Check(_hive);
        Assert.Empty(result.Problems);
        Assert.Equal((3, 3, 1), (result.Keys, result.Values, result.SecurityDescriptors));
    }

    [Fact]
    public void Check_WrongOrder_IsAnError()
    {
        var leaf = _hive.Keys.Leaf(Root.Subkeys);
        var (first, second) = (leaf[0], leaf[1]);
        leaf.Set(0, second, HiveNames.Hash("b"));
        leaf.Set(1, first, HiveNames.Hash("a"));
        AssertFound("order", isError: true);
    }

    [Fact]
    public void Check_WrongHash_IsUntidy()
    {
        var leaf = _hive.Keys.Leaf(Root.Subkeys);
        leaf.Set(0, leaf[0], 5);
        AssertFound("hash", isError: false);
    }

    [Fact]
    public void Check_WrongHint_IsUntidy()
    {
        var hive = Hive.Create(3);
        hive.Root.Create("abc");
        var leaf = hive.Keys.Leaf(hive.Keys.Node(hive.RootOffset).Subkeys);
        leaf.Set(0, leaf[0], 5);
        Assert.Contains(HiveChecker.Check(hive).Problems, x => x.Message.Contains("hint", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_KeyListedTwice_IsAnError()
    {
        var leaf = _hive.Keys.Leaf(Root.Subkeys);
        leaf.Set(1, leaf[0], leaf.Tag(0));
        AssertFound("twice", isError: true);
    }

    [Fact]
    public void Check_CellReachedTwice_IsAnError()
    {
        var v = _hive.Keys.Value(_a.Value("v")!.Offset);
        var w = _hive.Keys.Value(_a.Value("w")!.Offset);
        v.Data = w.Data;
        AssertFound("Two references", isError: true);
    }

    [Fact]
    public void Check_LostCell_IsUntidyAndCounted()
    {
        _hive.Cells.Allocate(100);
        AssertFound("Nothing leads", isError: false);
        Assert.Equal(104, HiveChecker.Check(_hive).LostBytes);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(int.MaxValue, true)]
    [InlineData(-1, true)]
    public void Check_SecurityCountedWrong_IsAnErrorWhereItCouldBecomeZero(int references, bool isError)
    {
        var security = _hive.Keys.Security(Root.Security);
        Assert.Equal(3, security.References);
        security.References = references;
        AssertFound("counts", isError);
    }

    [Fact]
    public void Check_BrokenRing_IsAnError()
    {
        var other = _b.SecurityDescriptor;
        other[^1] ^= 1;
        _b.SetSecurityDescriptor(other);
        var security = _hive.Keys.Security(Root.Security);
        security.Next = Root.Security;
        AssertFound("ring", isError: true);
    }

    [Fact]
    public void Check_FreedCellThatIsUsed_IsAnError()
    {
        _hive.Cells.Free(_hive.Keys.Value(_a.Value("v")!.Offset).Data);
        AssertFound("no cell begins|free cell", isError: true);
    }

    [Fact]
    public void Check_CountsBeyondTheirCells_AreErrors()
    {
        var key = _hive.Keys.Node(_a.Offset);
        key.ValueCount = int.MaxValue;
        AssertFound("does not fit", isError: true);
        key.ValueCount = -5;
        AssertFound("values", isError: true);
        var root = Root;
        root.SubkeyCount = int.MaxValue;
        AssertFound("counts", isError: true);
    }

    [Fact]
    public void Check_SegmentsTooFewOrTwice_AreErrors()
    {
        var value = _hive.Keys.Value(_a.Value("big")!.Offset);
        var record = _hive.Cells.Cell(value.Data);
        var list = _hive.Cells.Cell(BinaryPrimitives.ReadInt32LittleEndian(record[4..]));
        list[..4].CopyTo(list[4..]);
        AssertFound("segment twice", isError: true);
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], 2);
        AssertFound("too few", isError: true);
    }

    [Fact]
    public void Edit_InconsistentHive_IsRefusedBeforeAnythingChanges()
    {
        var security = _hive.Keys.Security(Root.Security);
        security.References = 1;
        var bytes = _hive.Cells.File.ToArray();
        var header = new BaseBlock(bytes);
        header.SetChecksum();
        var hive = Hive.Open(bytes, new HiveOpenOptions { Name = "SYSTEM" });
        var error = Assert.Throws<HiveException>(() => hive.Root.Create("c"));
        Assert.Equal(HiveErrors.NotEditable, error.Code);
        Assert.StartsWith("SYSTEM at offset ", error.Where, StringComparison.Ordinal);
        Assert.Equal(bytes, hive.Save().Content.ToArray());
    }

    [Fact]
    public void Free_CellsInAnyOrder_JoinsThemWithinTheirBin()
    {
        var cells = Hive.Create().Cells;
        var before = cells.Cells().Count();
        foreach (var order in new[] { new[] { 0, 1, 2, 3 }, [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1] })
        {
            var allocated = Enumerable.Range(0, 4).Select(i => cells.Allocate(10 + (i * 100))).ToArray();
            foreach (var i in order)
            {
                cells.Free(allocated[i]);
            }

            Assert.Equal(before, cells.Cells().Count());
        }

        var large = cells.Allocate(CellStore.BinUnit);
        cells.Free(large);
        Assert.Equal(2 * CellStore.BinUnit, cells.BinsSize - CellStore.BinUnit);
        Assert.Equal(before + 1, cells.Cells().Count());
    }

    private void AssertFound(string message, bool isError) =>
        Assert.Contains(HiveChecker.Check(_hive).Problems, x => x.IsError == isError && message.Split('|').Any(part => x.Message.Contains(part, StringComparison.OrdinalIgnoreCase)));
}
