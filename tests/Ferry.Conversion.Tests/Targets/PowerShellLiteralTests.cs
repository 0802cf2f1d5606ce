using System.Globalization;
using System.Management.Automation.Language;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets.HyperV;

namespace Ferry.Conversion.Tests.Targets;

/// <summary>Hostile names in the script: PowerShell's own parser must see values and nothing else.</summary>
public sealed class PowerShellLiteralTests
{
    public static readonly TheoryData<string> Hostile =
    [
        "plain", "", "it's", "''", "'; Remove-Item C:\\ -Recurse; '", "$(Remove-Item x)", "`$x", "\"", "a\nb", "a\r\n'b", "\0", "#>", "<#", "@'", "'@",
        "‘", "’", "‚", "‛", "’; calc; ‘", "“$(calc)”", "Ñ’ђ", "日本語", "😀", "\ud800", "\u2028x", "é", "%{x}", "{0}", "a;b|c&d", "\u00a0'", "--%",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Literal_HasExactlyItsValue_AndIsAscii(string value)
    {
        var literal = PowerShellLiteral.Of(value);
        Assert.All(literal, c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(value, Evaluate(literal));
    }

    [Fact]
    public void Literal_OfAnyCharacter_HasItsValue()
    {
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3) == 0 ? "'’‘\"$`"[random.Next(6)] : (char)random.Next(0x2100)));
            Assert.Equal(value, Evaluate(PowerShellLiteral.Of(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Script_WithHostileNames_ParsesAndRunsNothingElse(string value)
    {
        var machine = Machines.Of(Firmware.Uefi, 2, 2, name: value, network: value);
        var plain = Machines.Plan(Machines.Of(Firmware.Uefi, 2, 2));
        var hostile = Machines.Plan(machine);
        hostile = hostile with { Disks = [.. hostile.Disks.Select(d => d with { File = value })] };

        Assert.Equal(Commands(HyperVScript.Write(plain)), Commands(HyperVScript.Write(hostile)));
    }

    [Fact]
    public void Script_IsAsciiAndHasNoErrors()
    {
        var script = HyperVScript.Write(Machines.Plan(Machines.Of(disks: 3, nics: 2)));
        Assert.All(script, c => Assert.True(c is '\r' or '\n' or >= ' ' and <= '~'));
        Assert.DoesNotContain("@DEFINITION@", script, StringComparison.Ordinal);
        var ast = Parser.ParseInput(script, out _, out var errors);
        Assert.Empty(errors);
        Assert.Contains(ast.ScriptRequirements.RequiredModules, m => m.Name == "Hyper-V");
        Assert.Equal(
            ["Name", "Path", "SwitchName", "VlanId", "Processors", "MemoryStartupBytes", "SkipFileCheck", "AutomaticCheckpoints", "Start"],
            ast.ParamBlock.Parameters.Select(p => p.Name.VariablePath.UserPath));
    }

    private static List<string> Commands(string script)
    {
        var ast = Parser.ParseInput(script, out _, out var errors);
        Assert.Empty(errors);
        return [.. ast.FindAll(a => a is CommandAst or InvokeMemberExpressionAst or ExpandableStringExpressionAst or ScriptBlockAst, searchNestedScriptBlocks: true)
            .Select(a => a is CommandAst command ? command.GetCommandName() : a is ScriptBlockAst ? "script block" : a.Extent.Text)];
    }

    /// <summary>Evaluates a literal by its syntax tree: only constants, [char] of a number, plus, and brackets are allowed.</summary>
    private static string Evaluate(string literal)
    {
        var ast = Parser.ParseInput(literal, out _, out var errors);
        Assert.Empty(errors);
        var statement = Assert.Single(ast.EndBlock.Statements);
        return Value(Assert.IsType<CommandExpressionAst>(Assert.Single(Assert.IsType<PipelineAst>(statement).PipelineElements)).Expression);
    }

    private static string Value(ExpressionAst expression) => expression switch
    {
        StringConstantExpressionAst { StringConstantType: StringConstantType.SingleQuoted } text => text.Value,
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } => Value(inner.Expression),
        BinaryExpressionAst { Operator: TokenKind.Plus } plus => Value(plus.Left) + Value(plus.Right),
        ConvertExpressionAst { Type.TypeName.FullName: "char", Child: ConstantExpressionAst number } =>
            ((char)Convert.ToInt32(number.Value, CultureInfo.InvariantCulture)).ToString(),
        _ => throw new InvalidOperationException($"Not a plain value: {expression.Extent.Text}"),
    };
}
