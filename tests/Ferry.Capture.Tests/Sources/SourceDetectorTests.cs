using System.Text;
using Ferry.Capture.Sources;

namespace Ferry.Capture.Tests.Sources;

public sealed class SourceDetectorTests
{
    [Theory]
    [InlineData("#!/usr/bin/vmware\n.encoding = \"UTF-8\"\n", SourceKind.Vmx)]
    [InlineData("Config.Version=\"8\"", SourceKind.Vmx)]
    [InlineData("# Disk DescriptorFile\nversion=1\nencoding=\"windows-1252\"\ncreateType=\"monolithicSparse\"", SourceKind.Image)]
    [InlineData("<?xml version=\"1.0\"?><!-- x --><ovf:Envelope xmlns:ovf=\"http://schemas.dmtf.org/ovf/envelope/1\">", SourceKind.Ovf)]
    [InlineData("<html>", SourceKind.Image)]
    [InlineData("KDMV\0\0.encoding = \"UTF-8\"", SourceKind.Image)]
    [InlineData("", SourceKind.Image)]
    public void Kind_IsFoundByContent(string head, SourceKind kind) => Assert.Equal(kind, SourceDetector.Detect(Encoding.UTF8.GetBytes(head)));

    [Fact]
    public void Garbage_NeverThrows()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var head = new byte[random.Next(1500)];
            random.NextBytes(head);
            if (i % 2 == 0 && head.Length > 0)
            {
                head[0] = (byte)'<';
            }

            SourceDetector.Detect(head);
            Assert.NotEmpty(SourceDetector.Explain(head).Remedy);
        }
    }
}
