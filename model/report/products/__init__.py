"""plan.xlsx and report.docx: what a department edits, countersigns and sends on."""
