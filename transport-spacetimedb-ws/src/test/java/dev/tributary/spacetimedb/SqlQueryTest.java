package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** A query says whose rows come, whatever it is written like. */
class SqlQueryTest {

    @Example
    @Tag("T44")
    void eachTextIsSentOnceWithoutItsSemicolon() {
        SqlQuery query = SqlQuery.of(" SELECT * FROM a ; SELECT * FROM a WHERE x = 'a;b'; SELECT * FROM a ;");
        assertThat(query.statements()).containsExactly("SELECT * FROM a", "SELECT * FROM a WHERE x = 'a;b'");
        assertThat(query.table()).isEqualTo("a");
        assertThat(query.mayRepeat()).isTrue();
    }

    @Example
    @Tag("T45")
    void theTableIsTheOneWhoseRowsAreSelected() {
        assertThat(SqlQuery.of("select b.* from a join b on a.x = b.x").table()).isEqualTo("b");
        assertThat(SqlQuery.of("SELECT p.* FROM person AS p INNER JOIN pet q ON p.id = q.owner")
                        .table())
                .isEqualTo("person");
        assertThat(SqlQuery.of("SELECT q.* FROM person p JOIN pet q ON p.id = q.owner")
                        .table())
                .isEqualTo("pet");
        assertThat(SqlQuery.of("SELECT q.* FROM person p JOIN pet q ON p.id = q.owner")
                        .mayRepeat())
                .isTrue();
        assertThat(SqlQuery.of("SELECT * FROM \"my \"\"table\"\"\"").table()).isEqualTo("my \"table\"");
        assertThat(SqlQuery.of("/* from x */ SELECT * -- from y\n FROM z").table())
                .isEqualTo("z");
        assertThat(SqlQuery.of("SELECT * FROM a").mayRepeat()).isFalse();
    }

    @Example
    @Tag("T42")
    void whatNoViewCanBeMadeOfIsRefusedWithAReason() {
        for (String[] wrong : List.of(
                new String[] {"SELECT * FROM *", "one view of each table"},
                new String[] {"SELECT id FROM a", "whole rows"},
                new String[] {"SELECT * FROM a; SELECT * FROM b", "one table"},
                new String[] {"DELETE FROM a", "begins with 'DELETE'"},
                new String[] {"", "empty"},
                new String[] {"SELECT * FROM a JOIN b ON a.x = b.x", "whose rows"},
                new String[] {"SELECT c.* FROM a JOIN b ON a.x = b.x", "no such table"},
                new String[] {"SELECT * FROM a WHERE x = 'y", "not closed"},
                new String[] {"SELECT * FROM a /* x", "does not end"},
                new String[] {"SELECT * FROM", "names no table"},
                new String[] {"SELECT * FROM a WHERE x = '" + "y".repeat(50_000) + "'", "50000 bytes"})) {
            assertThatThrownBy(() -> SqlQuery.of(wrong[0]))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Property(tries = 500)
    @Tag("T22")
    void noTextDoesMoreThanBeRefused(@ForAll String text) {
        for (String sql : List.of(text, "SELECT * FROM " + text, "SELECT * FROM a " + text)) {
            try {
                assertThat(SqlQuery.of(sql).statements()).isNotEmpty();
            } catch (ConfigurationException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
