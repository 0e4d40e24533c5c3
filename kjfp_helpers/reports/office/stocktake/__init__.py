"""Stock-take on paper: workbook of all units, gap letter of one."""
