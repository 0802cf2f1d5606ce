using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ferry.Hosting.Documents.Sqlite;

/// <summary>Builds one SQL statement with its parameters. Values only ever become parameters; field names are checked.</summary>
internal sealed class SqliteStatement
{
    private readonly StringBuilder _text = new();
    private readonly List<object?> _values = [];

    /// <summary>The statement.</summary>
    public string Text => _text.ToString();

    /// <summary>The values of <c>@p0</c>, <c>@p1</c>, ...</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <summary>A field as an expression, the same text as in its index.</summary>
    public static string Expression(string field) => DocumentNames.Field(field) switch
    {
        "id" => "id",
        "version" => "version",
        _ => $"json_extract(body,'$.{field}')",
    };

    /// <summary>Adds SQL.</summary>
    public SqliteStatement Add(string sql)
    {
        _text.Append(sql);
        return this;
    }

    /// <summary>Adds a parameter.</summary>
    public SqliteStatement AddValue(object? value)
    {
        _text.Append(CultureInfo.InvariantCulture, $"@p{_values.Count}");
        _values.Add(value is bool flag ? (flag ? 1L : 0L) : value);
        return this;
    }

    /// <summary>Adds the WHERE of a query.</summary>
    public SqliteStatement AddWhere(DocumentQuery query)
    {
        var word = " WHERE ";
        foreach (var condition in query.Conditions)
        {
            Add(word);
            AddCondition(condition);
            word = " AND ";
        }

        return this;
    }

    /// <summary>Adds the ORDER BY of a query; the id decides between equals.</summary>
    public SqliteStatement AddOrder(DocumentQuery query)
    {
        Add(" ORDER BY ");
        foreach (var (field, descending) in query.Order)
        {
            Add(Expression(field)).Add(descending ? " DESC," : ",");
        }

        return Add("id");
    }

    /// <summary>Adds the assignments of an update, with the version counted up.</summary>
    public SqliteStatement AddAssignments(DocumentUpdate update)
    {
        Add("version=version+1,body=json_set(body,'$.version',version+1");
        foreach (var (field, value) in update.Sets)
        {
            Add($",'$.{DocumentNames.Field(field)}',json(").AddValue(FieldValue.Json(value)).Add(")");
        }

        foreach (var (field, by) in update.Increments)
        {
            Add($",'$.{DocumentNames.Field(field)}',coalesce({Expression(field)},0)+").AddValue(by);
        }

        return Add(")");
    }

    private void AddCondition(FieldCondition condition)
    {
        var expression = Expression(condition.Field);
        if (condition.Comparison == Comparison.In)
        {
            AddIn(expression, FieldValue.Scalars(condition.Value));
            return;
        }

        var value = FieldValue.Scalar(condition.Value);
        switch (condition.Comparison)
        {
            case Comparison.Equal when value is null:
                Add($"{expression} IS NULL");
                break;
            case Comparison.NotEqual when value is null:
                Add($"{expression} IS NOT NULL");
                break;
            case Comparison.NotEqual:
                Add($"{expression} IS NOT ").AddValue(value);
                break;
            case var comparison when value is not null || comparison == Comparison.Equal:
                Add(expression).Add(Operator(comparison)).AddValue(value);
                break;
            default:
                throw new ArgumentException($"The field {condition.Field} cannot be less or greater than null.", nameof(condition));
        }
    }

    // The values are one JSON parameter, so that the statement's text (and its plan) does not depend on how many there are.
    private void AddIn(string expression, IReadOnlyList<object?> values)
    {
        Add($"({expression} IN (SELECT value FROM json_each(").AddValue(JsonSerializer.Serialize(values.Where(v => v is not null))).Add("))");
        Add(values.Contains(null) ? $" OR {expression} IS NULL)" : ")");
    }

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Not a comparison."),
    };
}
