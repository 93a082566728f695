using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Azure.Data.Tables.Entities;

namespace Azure.Data.Tables.Filters;

/// <summary>
/// Translates a condition on a row into the service's filter language. Anything that language cannot say is refused by name: a
/// condition is never evaluated here instead of there.
/// </summary>
internal static class FilterTranslator
{
    /// <summary>The filter; empty when the condition is the constant true.</summary>
    /// <exception cref="NotSupportedException">The condition uses something that filters cannot say.</exception>
    public static string Translate<T>(Expression<Func<T, bool>> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        Expression body = FilterColumn.Unwrap(condition.Body);
        if (body is ConstantExpression { Value: true })
            return "";
        StringBuilder text = new();
        new Translation(condition.Parameters[0], text).Condition(body);
        return text.ToString();
    }

    private sealed class Translation(ParameterExpression row, StringBuilder text)
    {
        public void Condition(Expression expression)
        {
            expression = FilterColumn.Unwrap(expression);
            switch (expression)
            {
                case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both when both.Type == typeof(bool):
                    Joined(both.Left, " and ", both.Right);
                    break;
                case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either when either.Type == typeof(bool):
                    Joined(either.Left, " or ", either.Right);
                    break;
                case BinaryExpression comparison when Operator(comparison.NodeType) is { } name:
                    Comparison(comparison, name);
                    break;
                case UnaryExpression { NodeType: ExpressionType.Not } not:
                    text.Append("not (");
                    Condition(not.Operand);
                    text.Append(')');
                    break;
                default:
                    if (expression.Type != typeof(bool) || FilterColumn.Name(expression, row) is not { } column)
                        throw Unsupported(expression);
                    text.Append(column).Append(" eq true");
                    break;
            }
        }

        private void Joined(Expression left, string name, Expression right)
        {
            text.Append('(');
            Condition(left);
            text.Append(')').Append(name).Append('(');
            Condition(right);
            text.Append(')');
        }

        private void Comparison(BinaryExpression comparison, string name)
        {
            Expression left = FilterColumn.Unwrap(comparison.Left);
            Expression right = FilterColumn.Unwrap(comparison.Right);
            if (IsTextOrder(left, out Expression? first, out Expression? second) && FilterValue.TryEvaluate(right, row, out object? zero) && zero is 0)
                Comparison(first, name, second, comparison);
            else if (IsTextOrder(right, out first, out second) && FilterValue.TryEvaluate(left, row, out zero) && zero is 0)
                Comparison(first, Mirrored(name), second, comparison);
            else
                Comparison(left, name, right, comparison);
        }

        private void Comparison(Expression left, string name, Expression right, Expression whole)
        {
            left = FilterColumn.Unwrap(left);
            right = FilterColumn.Unwrap(right);
            if (FilterColumn.Name(left, row) is { } column && FilterValue.TryEvaluate(right, row, out object? value))
                Append(column, name, FilterValue.AsColumn(value, left), whole);
            else if (FilterColumn.Name(right, row) is { } mirrored && FilterValue.TryEvaluate(left, row, out value))
                Append(mirrored, Mirrored(name), FilterValue.AsColumn(value, right), whole);
            else
                throw Unsupported(whole);
        }

        private void Append(string column, string name, object? value, Expression whole)
        {
            string literal;
            try
            {
                literal = FilterLiteral.Of(value);
            }
            catch (ArgumentException e)
            {
                throw new NotSupportedException($"{whole} cannot be said in a filter. {e.Message}", e);
            }

            text.Append(CultureInfo.InvariantCulture, $"{column} {name} {literal}");
        }

        // string.Compare(a, b) and a.CompareTo(b); the published client knows no other way, CompareOrdinal included.
        private static bool IsTextOrder(
            Expression expression,
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Expression? first,
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Expression? second)
        {
            (first, second) = expression is MethodCallExpression call && call.Method.DeclaringType == typeof(string)
                ? call.Method.Name switch
                {
                    nameof(string.Compare) when call.Arguments.Count == 2 => (call.Arguments[0], call.Arguments[1]),
                    nameof(string.CompareTo) when call.Arguments.Count == 1 => (call.Object, call.Arguments[0]),
                    _ => (null, null),
                }
                : (null, null);
            return first is not null && second is not null;
        }
    }

    private static string? Operator(ExpressionType type) => type switch
    {
        ExpressionType.Equal => "eq",
        ExpressionType.NotEqual => "ne",
        ExpressionType.GreaterThan => "gt",
        ExpressionType.GreaterThanOrEqual => "ge",
        ExpressionType.LessThan => "lt",
        ExpressionType.LessThanOrEqual => "le",
        _ => null,
    };

    private static string Mirrored(string name) => name switch
    {
        "gt" => "lt",
        "ge" => "le",
        "lt" => "gt",
        "le" => "ge",
        _ => name,
    };

    private static NotSupportedException Unsupported(Expression expression) =>
        new($"{expression} cannot be said in a filter: compare a column with a value, and join comparisons with &&, || and !.");
}

/// <summary>Columns in conditions.</summary>
internal static class FilterColumn
{
    /// <summary>Without the conversions that the compiler puts around enums, nullables and smaller numbers.</summary>
    public static Expression Unwrap(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.Quote } conversion)
            expression = conversion.Operand;
        return expression;
    }

    /// <summary>The column that an expression on the row means, or null when it means something else.</summary>
    public static string? Name(Expression expression, ParameterExpression row)
    {
        switch (Unwrap(expression))
        {
            case MemberExpression { Member.Name: "Value", Expression: { } nullable } value when Nullable.GetUnderlyingType(nullable.Type) is not null:
                return Name(value.Expression, row);
            case MemberExpression { Member: PropertyInfo property, Expression: { } target } when Unwrap(target) == row:
                return property.Name == nameof(ITableEntity.ETag)
                    ? throw new NotSupportedException("Filters know no ETag; compare the Timestamp, or pass the tag to an update.")
                    : property.Name == nameof(Models.TableItem.Name) && property.DeclaringType == typeof(Models.TableItem) ? "TableName" : EntityBinder.ColumnOf(property);
            case MethodCallExpression { Object: { } target } call when Unwrap(target) == row && target.Type == typeof(TableEntity) && IsGetter(call.Method):
                return FilterValue.TryEvaluate(call.Arguments[0], row, out object? name) ? name as string : null;
            default:
                return null;
        }
    }

    private static bool IsGetter(MethodInfo method) =>
        method.GetParameters() is [{ ParameterType: var parameter }] && parameter == typeof(string)
        && (method.Name == "get_Item" || (method.Name.StartsWith("Get", StringComparison.Ordinal) && method.Name != nameof(GetType)));
}
