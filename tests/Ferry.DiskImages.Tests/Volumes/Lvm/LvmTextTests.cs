using System.Text;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Lvm;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Lvm;

/// <summary>Metadata texts as lvm2 writes them, and others.</summary>
public sealed class LvmTextTests
{
    private const string Text = """
        # comment { with = "signs" }
        group {
        	id = "abc-def"	# behind a value
        	seqno = 12
        	status = ["RESIZEABLE", "READ", "WRITE"]
        	flags = []
        	extent_size = 8192
        	note = "a \"quoted\" \\ text # no comment"
        	physical_volumes {
        		pv0 {
        			id = "x"
        			pe_start = 2048
        			pe_count = 7
        		}
        	}
        }
        """;

    [Fact]
    public void Parse_WhatLvmWrites_GivesSectionsAndValues()
    {
        var group = Parse(Text).Section("group");
        Assert.Equal("abc-def", group.Word("id"));
        Assert.Equal(12, group.Number("seqno"));
        Assert.Equal(["RESIZEABLE", "READ", "WRITE"], group.Words("status"));
        Assert.Empty(group.Words("flags"));
        Assert.Equal("a \"quoted\" \\ text # no comment", group.Word("note"));
        Assert.Equal(7, group.Section("physical_volumes").Section("pv0").Number("pe_count"));
    }

    [Theory]
    [InlineData("a {")]
    [InlineData("a = \"")]
    [InlineData("a = [")]
    [InlineData("a = [ 1, 2")]
    [InlineData("a")]
    [InlineData("a = 1\na = 2")]
    [InlineData("a { } a { }")]
    [InlineData("}")]
    [InlineData("= 1")]
    public void Parse_WhatItCannotBe_IsRefused(string text) =>
        Assert.Equal(VolumeFindings.LvmInconsistent, Assert.Throws<VolumeRefusedException>(() => Parse(text)).Code);

    [Fact]
    public void Parse_SectionsInSections_EndSomewhere() =>
        Assert.Throws<VolumeRefusedException>(() => Parse(string.Concat(Enumerable.Repeat("a {", 100_000))));

    [Fact]
    public void Parse_AMillionNames_AreTooMany() =>
        Assert.Throws<VolumeRefusedException>(() => Parse(string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"n{i}=1\n"))));

    /// <summary>Cut and changed anywhere, it is parsed or refused.</summary>
    [Fact]
    public void Parse_DamagedText_NeverFailsInAnotherWay()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.ASCII.GetBytes(Text)[..random.Next(Text.Length)];
            for (var changes = random.Next(4); changes > 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"{}[]\"=#\\\n,a1"[random.Next(12)];
            }

            try
            {
                VolumeGroup.Read(bytes, new LvmTextBudget());
            }
            catch (VolumeRefusedException)
            {
                // The documented outcome.
            }
        }
    }

    private static LvmSection Parse(string text) => LvmText.Parse(Encoding.ASCII.GetBytes(text), new LvmTextBudget());
}
